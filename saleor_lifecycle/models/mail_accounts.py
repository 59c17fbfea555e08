import uuid

from django.db import models

from .installations import Installation


class MailAccount(models.Model):
    """An account at a mail provider, through which an installation's mails leave instead of the operator's own."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    channel = models.TextField(default="")  # Saleor's, its slug; "": every one that has none of its own
    provider = models.TextField()
    settings = models.BinaryField()  # sealed: actions.mail_accounts
    saved_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)  # when the provider last took the secrets
    held_at = models.DateTimeField(null=True)  # the provider refuses it: nothing leaves until somebody mends it
    held_reason = models.TextField(default="")  # in words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "channel"], name="mail_account_channel")]


class Sender(models.Model):
    """An address that stands, or may stand, as the sender of mails; its holder confirms that they want that."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.TextField()  # in lower case
    asked_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "address"], name="sender_address")]

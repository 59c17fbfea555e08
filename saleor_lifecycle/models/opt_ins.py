import uuid

from django.db import models

from .installations import Installation


class OptIn(models.Model):
    """A form that was filled in with an address; nothing is sent to it, but for one question, until it is confirmed.

    ``address`` is emptied when the request is over; a confirmed one stays, as evidence.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        EXPIRED = "expired"

    installation = models.ForeignKey(Installation, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.TextField(choices=State.choices, default=State.PENDING)
    channel = models.TextField()
    address = models.TextField()
    address_hash = models.TextField()
    topics = models.JSONField()  # keys; empty is every topic
    language = models.TextField()
    text_hash = models.TextField()  # of a ConsentText: what the form said
    form = models.TextField(default="")  # the page that it stood on, as the storefront names it
    network_hash = models.TextField(default="")  # keyed; of the network address that filled it in
    confirmed_network_hash = models.TextField(default="")  # of that which confirmed
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when time alone changes it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "channel", "address_hash"],
                condition=models.Q(state="pending"),
                name="opt_in_pending",
            )
        ]
        indexes = [
            # Read by actions.opt_ins.take_due and by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="opt_in_due"
            ),
            # Read when a form is filled in, and when somebody asks for what is held about them.
            models.Index(fields=["installation", "address_hash"], name="opt_in_address"),
        ]


class FormBudget(models.Model):
    """How many forms one network address has filled in lately."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    network_hash = models.TextField()
    used_until = models.DateTimeField()  # each form moves it on by what one may take

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "network_hash"], name="form_budget_network")]

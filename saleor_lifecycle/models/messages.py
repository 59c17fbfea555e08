import uuid

from django.db import models

from saleor_lifecycle.domain.contents import Carried, read_carried
from saleor_lifecycle.domain.messages import Purpose

from .customers import Customer
from .flows import Enrollment
from .installations import Installation
from .opt_ins import OptIn


class Message(models.Model):
    """One addressed send. CONTEXT.md draws its states."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        SKIPPED = "skipped"
        FAILED = "failed"
        UNKNOWN = "unknown"

    installation = models.ForeignKey(Installation, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrollment = models.ForeignKey(Enrollment, models.CASCADE, null=True, related_name="messages")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True)  # null: nobody's yet, a form was filled in
    opt_in = models.ForeignKey(OptIn, models.SET_NULL, null=True)  # which it asks to be confirmed
    step = models.TextField(default="")  # of the enrollment
    key = models.TextField(default="")  # what makes it one of a kind where no enrollment does
    purpose = models.TextField(default=Purpose.COMMERCIAL.value)
    template = models.TextField()
    topic = models.TextField()
    offer = models.JSONField(null=True)  # what it carries: domain.contents.read_carried
    channel = models.TextField()
    state = models.TextField(choices=State.choices, default=State.QUEUED)
    reason = models.TextField(default="")  # of a skip, a failure or the last deferral
    # Of the worker that may claim it; whatever changes what its decision rested on takes it away.
    lease = models.UUIDField(null=True)
    allowed_lease = models.UUIDField(null=True)  # under which it was decided that it may leave: it is as good as sent
    attempts = models.PositiveSmallIntegerField(default=0)
    address_hash = models.TextField(default="")  # keyed; the address itself is not kept
    provider_id = models.TextField(default="")
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # empty once it is final
    settled_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # on the site
    dismissed_at = models.DateTimeField(null=True)  # there too: it stands there no more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "step"], name="message_step"),
            models.UniqueConstraint(fields=["installation", "key"], condition=~models.Q(key=""), name="message_key"),
        ]
        indexes = [
            # Read by actions.messages.lease and by the sweep; with the id, or the first of a million that were planned
            # for one moment would cost sorting them all.
            models.Index(
                fields=["installation", "channel", "due_at", "id"],
                condition=models.Q(state="queued"),
                name="message_due",
            ),
            # Read by the same while only service messages leave: they may stand behind a million others.
            models.Index(
                fields=["installation", "channel", "due_at", "id"],
                condition=models.Q(state="queued", purpose="service"),
                name="message_due_service",
            ),
            # Read by actions.messages.give_up_lost and by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(state="sending"), name="message_sending"
            ),
            # Read by actions.messages.end_queued: only those that a worker has looked at have an address.
            models.Index(
                fields=["installation", "address_hash"],
                condition=models.Q(state="queued") & ~models.Q(address_hash=""),
                name="message_queued_address",
            ),
            # Read by web.sms: to whom SMS went.
            models.Index(
                fields=["installation", "address_hash"], condition=models.Q(channel="sms"), name="message_sms_address"
            ),
            # Read by actions.attention: what reached a customer lately, is about to, or wants to.
            models.Index(
                fields=["customer", "settled_at"],
                condition=models.Q(purpose="commercial", state__in=["queued", "sending", "sent", "unknown"]),
                name="message_attention",
            ),
            # Read by tasks.on_site, for every page that somebody opens.
            models.Index(
                fields=["customer", "settled_at"],
                condition=models.Q(channel="on_site", state="sent", dismissed_at=None),
                name="message_on_site",
            ),
            # Read by actions.delivery_events, for providers that do not give our own id back.
            models.Index(
                fields=["installation", "provider_id"], condition=~models.Q(provider_id=""), name="message_provider"
            ),
        ]

    def carried(self) -> Carried | None:
        """Return what it offers as the domain reads it."""
        return read_carried(self.offer)

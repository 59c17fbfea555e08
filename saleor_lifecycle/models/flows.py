import uuid

from django.db import models

from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.domain.flows import Passage

from .carts import Cart
from .customers import Customer
from .flow_documents import read_program
from .installations import Installation


class Flow(models.Model):
    """A merchant's automation."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    key = models.TextField()
    name = models.TextField(default="")  # the merchant's; "" for those that the app brings, which screens name
    is_on = models.BooleanField(default=True)  # off: nobody enters, and who is in it stays where they are
    is_shadow = models.BooleanField(default=False)  # who enters now is decided about and not written to
    version = models.ForeignKey("FlowVersion", models.PROTECT, null=True, related_name="+")  # the published one
    draft = models.JSONField(null=True)  # what is being written; may be incomplete
    draft_at = models.DateTimeField(null=True)
    switched_on_at = models.DateTimeField(null=True)  # what happened before lets nobody in
    runs_at = models.DateTimeField(null=True)  # when its schedule comes due
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "key"], name="flow_key")]
        indexes = [
            # Read by the sweep.
            models.Index(
                fields=["installation", "runs_at"], condition=models.Q(runs_at__isnull=False), name="flow_schedule"
            )
        ]


class FlowVersion(models.Model):
    """A flow's published form; immutable (the app's role may not update it)."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.TextField(default="", db_default="")  # a staff member's id at Saleor; "" for the app itself

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="flow_version_number")]

    def value(self) -> Program:
        """Return the version as the domain reads it."""
        return read_program(self.document)


class Enrollment(models.Model):
    """One customer's passage through a flow."""

    class State(models.TextChoices):
        WAITING = "waiting"
        FINISHED = "finished"
        EXITED = "exited"
        FAILED = "failed"  # a fault of ours; the reason says where

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE, db_index=False)  # enrollment_key begins with it
    version = models.ForeignKey(FlowVersion, models.PROTECT)
    customer = models.ForeignKey(Customer, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.TextField()  # what it is about: a checkout's id, an order's, a date
    cart = models.ForeignKey(Cart, models.CASCADE, null=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    reason = models.TextField(default="")
    arm = models.TextField(default="")  # domain.holdout.Arm; "" where nobody may be held out
    is_shadow = models.BooleanField(default=False)
    step = models.TextField(default="")  # where it stands; "": every step is behind it
    since = models.DateTimeField()  # when it got there
    anchor_at = models.DateTimeField()  # when what started it happened; of a cart its last change counts
    properties = models.JSONField(default=dict)  # of what started it: {name: text, number or flag}
    carries = models.JSONField(null=True)  # what its messages offer from here on: domain.contents.read_carried
    depth = models.PositiveSmallIntegerField(default=0)  # so many flows started one another before this
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "customer", "key"], name="enrollment_key")]
        indexes = [
            # Read by actions.flows.due_customers and by the sweep, flow by flow: one that is off costs nothing.
            models.Index(fields=["flow", "due_at"], condition=models.Q(due_at__isnull=False), name="enrollment_due"),
            models.Index(fields=["customer"], condition=models.Q(state="waiting"), name="enrollment_waiting"),
            # Read by actions.flow_moves: where people stand, and the walk through them.
            models.Index(
                fields=["flow", "version", "id"],
                include=["step", "installation"],  # row security asks for the installation too
                condition=models.Q(state="waiting"),
                name="enrollment_standing",
            ),
            # Read by models.results: a stretch of time, not everybody who ever entered.
            models.Index(fields=["flow", "entered_at"], name="enrollment_entered"),
        ]

    def passage(self) -> Passage:
        """Return where it stands as the domain reads it."""
        return Passage(self.entered_at, self.step, self.since)


class FlowHook(models.Model):
    """An address of a flow's own, by which another system lets customers in."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.OneToOneField(Flow, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret_hash = models.TextField()  # SHA-256 of the secret in the address
    created_at = models.DateTimeField()
    used_until = models.DateTimeField(null=True)  # of what it may be called in a minute: actions.flow_hooks

from django.db import models

from saleor_lifecycle.domain.flows import FlowDocument, read_document

from .carts import Cart
from .customers import Customer
from .installations import Installation


class Flow(models.Model):
    """A merchant's automation."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    key = models.TextField()
    is_on = models.BooleanField(default=True)
    version = models.ForeignKey("FlowVersion", models.PROTECT, null=True, related_name="+")  # the published one
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "key"], name="flow_key")]


class FlowVersion(models.Model):
    """A flow's published form; immutable (the app's role may not update it)."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="flow_version_number")]

    def value(self) -> FlowDocument:
        """Return the version as the domain reads it."""
        return read_document(self.document)


class Enrollment(models.Model):
    """One customer's passage through a flow."""

    class State(models.TextChoices):
        WAITING = "waiting"
        FINISHED = "finished"
        EXITED = "exited"

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE)
    version = models.ForeignKey(FlowVersion, models.PROTECT)
    customer = models.ForeignKey(Customer, models.CASCADE)
    key = models.TextField()  # what it is about: a checkout id for carts
    cart = models.ForeignKey(Cart, models.CASCADE, null=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    reason = models.TextField(default="")
    arm = models.TextField(default="")  # domain.holdout.Arm; "" while no flow holds anybody out
    next_step = models.PositiveSmallIntegerField(default=0)
    last_step_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "customer", "key"], name="enrollment_key")]
        indexes = [
            # Read by actions.flows.due_customers and by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="enrollment_due"
            ),
            models.Index(fields=["customer"], condition=models.Q(state="waiting"), name="enrollment_waiting"),
            # Read by models.results: a stretch of time, not everybody who ever entered.
            models.Index(fields=["flow", "entered_at"], name="enrollment_entered"),
        ]

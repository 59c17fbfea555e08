import uuid

from django.db import models

from .flows import Flow, FlowVersion
from .installations import Installation


class FlowMove(models.Model):
    """A walk through those who wait in a flow: over to another version, or out of it."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    flow = models.ForeignKey(Flow, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FlowVersion, models.PROTECT, null=True)  # who is in this one is left alone
    choices = models.JSONField(null=True)  # {version's number: {step: step there, or null to leave}}; null: all leave
    reason = models.TextField()  # of those who leave
    after_version = models.BigIntegerField(null=True)  # the last enrollment looked at: its version and its id
    after = models.BigIntegerField(null=True)
    moved = models.PositiveIntegerField(default=0)
    exited = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)  # stood where nothing was chosen for, and finish as they began
    started_at = models.DateTimeField()
    started_by = models.TextField(default="")  # a staff member's id at Saleor
    due_at = models.DateTimeField(null=True)  # while there is somebody to look at

    class Meta:
        # Read by tasks.flow_moves and by the sweep.
        indexes = [
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="flow_move_due"
            )
        ]

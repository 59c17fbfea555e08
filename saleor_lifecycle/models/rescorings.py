from django.db import models

from .fits import Fit
from .installations import Installation, PolicyVersion


class Rescoring(models.Model):
    """A new policy or fit on its way to all customers: looked at first, then applied, block by block."""

    class Kind(models.TextChoices):
        REFIT = "refit"
        POLICY = "policy"

    class State(models.TextChoices):
        PREVIEWING = "previewing"
        PROPOSED = "proposed"
        APPLYING = "applying"
        APPLIED = "applied"
        DISCARDED = "discarded"

    OPEN = (State.PREVIEWING.value, State.PROPOSED.value, State.APPLYING.value)

    installation = models.ForeignKey(Installation, models.CASCADE)
    kind = models.TextField(choices=Kind.choices)
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, related_name="+")
    fit = models.ForeignKey(Fit, models.PROTECT, null=True, related_name="+")
    is_scores_only = models.BooleanField(default=False)  # a policy that reads orders as the one before it did
    state = models.TextField(choices=State.choices, default=State.PREVIEWING)
    looked = models.PositiveIntegerField(default=0)  # how many were, in this state
    total = models.PositiveIntegerField()  # how many there were when it began
    moves = models.JSONField(default=dict)  # {"retention>loss": customers}, as the preview found them
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # applied or discarded

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation"],
                condition=models.Q(state__in=["previewing", "proposed", "applying"]),
                name="rescoring_open",
            )
        ]

    @property
    def percent(self) -> float:
        """How far it has come in its state."""
        return 100.0 if not self.total else min(100.0, 100.0 * self.looked / self.total)


class RescoringPart(models.Model):
    """Customers in a row whom a rescoring, in its state, has not come to yet: one worker's work, gone once done."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    rescoring = models.ForeignKey(Rescoring, models.CASCADE, related_name="parts")
    cursor = models.BigIntegerField()  # the last customer looked at
    until = models.BigIntegerField()  # the last of the part
    due_at = models.DateTimeField()  # when somebody has to go on; while somebody is at it, their lease's end

    class Meta:
        # Read by the sweep.
        indexes = [models.Index(fields=["installation", "due_at"], name="rescoring_part_due")]

from django.db import models

from saleor_lifecycle.domain.backfill import OVERLAP, Kind, Progress

from .installations import Installation


class Backfill(models.Model):
    """The reading of one kind of thing from a shop: at first all of it, later round by round what changed.

    ``done`` to ``finished_at`` tell of the import, which is the first round; later ones leave them as they are.
    """

    installation = models.ForeignKey(Installation, models.CASCADE)
    kind = models.TextField()
    cursor = models.TextField(default="")  # Saleor's, after the last page taken in; empty at the beginning
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # as the shop counted when it began
    attempts = models.PositiveSmallIntegerField(default=0)  # failed ones since the last page
    error = models.TextField(default="")
    started_at = models.DateTimeField(null=True)  # null until somebody begins
    updated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    round_at = models.DateTimeField(null=True)  # when the round began; null between rounds
    since = models.DateTimeField(null=True)  # from when on the next round, or this, reads what changed; null: all
    due_at = models.DateTimeField(null=True)  # when somebody has to go on; while somebody is at it, their lease's end

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "kind"], name="backfill_kind")]
        indexes = [
            # Read by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="backfill_due"
            )
        ]

    def progress(self) -> Progress:
        """Return it as the domain reads it."""
        return Progress(
            kind=Kind(self.kind),
            done=self.done,
            total=self.total,
            skipped=self.skipped,
            started_at=self.started_at,
            updated_at=self.updated_at,
            finished_at=self.finished_at,
            error=self.error,
            caught_up_at=self.since + OVERLAP if self.since else None,
        )

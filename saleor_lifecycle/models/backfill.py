from django.db import models

from saleor_lifecycle.domain.backfill import Kind, Progress

from .installations import Installation


class Backfill(models.Model):
    """How far the import of one kind of thing from a shop has come."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    kind = models.TextField()
    cursor = models.TextField(default="")  # Saleor's, after the last page taken in; empty at the beginning
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # as the shop counted when it began
    attempts = models.PositiveSmallIntegerField(default=0)  # failed ones since the last page
    error = models.TextField(default="")
    started_at = models.DateTimeField(null=True)  # null until its turn
    updated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of the kind whose turn it is; while it is read, when its lease ends

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
        )

from django.db import models

from .installations import Installation


class Event(models.Model):
    """A fact received, stored once. Its body lies beside it in ``lifecycle_event_body``, partitioned by month.

    The digests stay when bodies go, so a delivery that Saleor repeats late is still known.
    """

    class State(models.TextChoices):
        NEW = "new"
        DONE = "done"
        SET_ASIDE = "set_aside"  # it made processing fail; tried again later

    # No constraint: every delivery would lock the one row of its shop to see that it is there, which the entry to the
    # database has just said. No index of its own: the digest's begins with it.
    installation = models.ForeignKey(Installation, models.CASCADE, db_constraint=False, db_index=False)
    digest = models.TextField()  # SHA-256 of the raw body, hex
    name = models.TextField()  # Saleor's event, as its header says: for people, never trusted
    received_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.NEW, db_default=State.NEW.value)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField()
    note = models.TextField(default="", db_default="")  # why nothing came of it, or the error; no personal data

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "digest"], name="event_digest")]
        indexes = [
            # Read by actions.events.claim and by the sweep; holds only what waits.
            models.Index(
                fields=["installation", "id"],
                condition=~models.Q(state="done"),
                name="event_waiting",
            )
        ]

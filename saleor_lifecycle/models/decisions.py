from django.db import models

from .installations import Installation


class Decision(models.Model):
    """What was decided about a customer in a flow, when the answer changed. It is never changed itself.

    Partitioned by month of ``occurred_at``; tasks.upkeep makes the months and drops them. No foreign key leads away
    from here or here.
    """

    class Kind(models.TextChoices):
        ENTERED = "entered"
        REFUSED = "refused"  # something would have let them in
        PASSED = "passed"  # a step; ``outcome`` says which way
        SENT = "sent"  # it may leave; what became of it then stands at the message
        DEFERRED = "deferred"
        SKIPPED = "skipped"
        MOVED = "moved"  # to another version
        FINISHED = "finished"
        EXITED = "exited"
        FAILED = "failed"

    pk = models.CompositePrimaryKey("installation", "occurred_at", "key")
    installation = models.ForeignKey(Installation, models.CASCADE, db_constraint=False, db_index=False)
    occurred_at = models.DateTimeField()
    key = models.TextField()  # with the moment: what makes a repeated one the same
    customer_id = models.BigIntegerField()
    flow_id = models.BigIntegerField()
    enrollment_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    step = models.TextField(default="")
    kind = models.TextField(choices=Kind.choices)
    outcome = models.TextField(default="")  # the way taken, or the reason code
    data = models.JSONField(default=dict)  # figures behind the reason: until when, how many of how many

    class Meta:
        indexes = [
            # Read by actions.ledger: what was decided about one customer.
            models.Index(fields=["installation", "customer_id", "occurred_at"], name="decision_customer")
        ]

import uuid
from decimal import Decimal

from django.db import models

from saleor_lifecycle.domain.prediction import Loss
from saleor_lifecycle.domain.profile import Profile

from .installations import Installation, PolicyVersion


class Customer(models.Model):
    """A person in one shop, with the fold of their facts and where they stand.

    Every fold changes a row or more, and each index of the table with it: it has none that nothing reads.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)  # customer_phase begins with it
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()
    # Set once this person turned out to be another.
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, db_index=False)
    holdout_key = models.UUIDField(null=True)  # of who was there first of those who are now this person; else the own

    # The profile: free of time.
    orders = models.PositiveIntegerField(default=0)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    last_placed_at = models.DateTimeField(null=True)
    spent = models.JSONField(default=dict)  # {currency: amount as text}
    cart_open_until = models.DateTimeField(null=True)
    before_u = models.FloatField(null=True)
    customer_u = models.FloatField(null=True)
    sums = models.JSONField(default=list)  # [[part, kind, u_k], ...]
    loss_at = models.DateTimeField(null=True)
    loss_rung = models.TextField(default="")
    next_order_at = models.DateTimeField(null=True)
    channel = models.TextField(default="")
    order_days = models.PositiveIntegerField(default=0)  # of the shop, as the two dates are
    first_order_day = models.DateField(null=True)
    last_order_day = models.DateField(null=True)
    # Which made the figures above. A version goes with all its customers only: to check that once more for each of them
    # took a third as long as to judge them.
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, null=True, db_index=False, db_constraint=False)

    # {name: {"value", "origin", "at"}}: domain.attributes.fold of what their rows say under mapped keys.
    attributes = models.JSONField(default=dict)

    # Where they stand, and when time alone changes that.
    phase = models.TextField(default="education")
    phase_reason = models.TextField(default="")
    phase_since = models.DateTimeField(null=True)
    band = models.TextField(default="cold")
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Read by actions.customers.claim_due and by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="customer_due"
            ),
            models.Index(fields=["installation", "phase"], name="customer_phase"),
            # Read by actions.admissions: those who were lost last go first. Whoever still buys costs it nothing.
            models.Index(
                fields=["installation", "loss_at", "id"], condition=models.Q(phase="loss"), name="customer_lost"
            ),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="customer_merged_into"
            ),
        ]

    def arm_key(self) -> str:
        """Return what decides the arms of holdouts: joining people never moves whoever was there first."""
        return str(self.holdout_key or self.public_id)

    def profile(self) -> Profile:
        """Return the stored profile as the domain reads it."""
        return Profile(
            orders=self.orders,
            first_order_at=self.first_order_at,
            last_order_at=self.last_order_at,
            last_placed_at=self.last_placed_at,
            spent=tuple((currency, Decimal(amount)) for currency, amount in sorted(self.spent.items())),
            cart_open_until=self.cart_open_until,
            before_u=self.before_u,
            customer_u=self.customer_u,
            sums=tuple((part, kind, u) for part, kind, u in self.sums),
            loss=Loss(self.loss_at, self.loss_rung) if self.loss_at else None,
            next_order_at=self.next_order_at,
            channel=self.channel,
            order_days=self.order_days,
            first_order_day=self.first_order_day,
            last_order_day=self.last_order_day,
        )


class PhaseChange(models.Model):
    """One move of a customer from phase to phase, with its cause."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="phase_changes")
    before = models.TextField()  # "" for a new customer
    after = models.TextField()
    cause = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["installation", "at"], name="phase_change_at")]

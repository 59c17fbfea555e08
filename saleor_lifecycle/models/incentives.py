from django.db import models

from .customers import Customer
from .flows import Enrollment
from .installations import Installation


class IncentiveSettings(models.Model):
    """How many codes a shop gives away, and what stands in the way; there once a flow has wanted one."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    per_month = models.PositiveIntegerField(default=200)  # codes, of all flows
    margin_percent = models.PositiveSmallIntegerField(default=15)  # what a cart has to earn with the code taken off
    month = models.DateField(null=True)  # the first day of that in which ``taken`` were given, of the shop's
    taken = models.PositiveIntegerField(default=0)
    trouble = models.TextField(default="")  # why the shop made no code when it was last asked, in words
    due_at = models.DateTimeField(null=True)  # when to look whether codes run short; empty: no flow gives any


class CodePool(models.Model):
    """One voucher of the shop's: all codes that are worth the same and end on the same day."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    percent = models.PositiveSmallIntegerField()  # 0: free delivery
    expires_on = models.DateField()  # of the shop's days
    ends_at = models.DateTimeField()
    numbered = models.PositiveIntegerField(default=0)  # so many codes have been thought up
    voucher_id = models.TextField(default="")  # Saleor's; "" until it is known that it is there

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "percent", "expires_on"], name="code_pool_key")]


class PersonalCode(models.Model):
    """A code, from when it was thought up until it was used or taken back."""

    class State(models.TextChoices):
        MAKING = "making"  # the shop may have it or not
        READY = "ready"
        GIVEN = "given"
        USED = "used"
        WITHDRAWING = "withdrawing"  # the shop may have it still
        WITHDRAWN = "withdrawn"

    installation = models.ForeignKey(Installation, models.CASCADE)
    pool = models.ForeignKey(CodePool, models.CASCADE)
    number = models.PositiveIntegerField()
    code = models.TextField()
    state = models.TextField(choices=State.choices, default=State.MAKING)
    key = models.TextField(null=True)  # what it was given for, once
    customer = models.ForeignKey(Customer, models.CASCADE, null=True)  # whom it was given to; empty once erased
    enrollment = models.ForeignKey(Enrollment, models.CASCADE, null=True)
    given_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # used or taken back
    order_id = models.TextField(default="")  # Saleor's, in which it was used

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "code"], name="personal_code_code"),
            models.UniqueConstraint(fields=["installation", "key"], name="personal_code_key"),
        ]
        # Read by actions.incentives: what can be given, and what the shop has to be told of.
        indexes = [
            models.Index(
                fields=["pool", "state", "number"],
                condition=models.Q(state__in=["making", "ready", "withdrawing"]),
                name="personal_code_waiting",
            )
        ]

from django.db import models

from saleor_lifecycle.domain.calibration import UNCHANGED, Curve
from saleor_lifecycle.domain.prediction import LossRule, Parameters
from saleor_lifecycle.domain.scoring import LossPolicy

from .installations import Installation


class Fit(models.Model):
    """What a shop's own orders said of loss on one day; immutable (the app's role may not update it)."""

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="fits")
    number = models.PositiveIntegerField()
    day = models.DateField()  # of the shop, at whose end it knew
    rung = models.TextField()
    reason = models.TextField(default="")  # why not the shop's own fit; "" if it is
    r = models.FloatField(null=True)
    alpha = models.FloatField(null=True)  # in days
    a = models.FloatField(null=True)
    b = models.FloatField(null=True)
    silences = models.JSONField()  # in days, after one order day, two, more; of a fit those of such customers' middle
    buyers = models.PositiveIntegerField()
    reorderers = models.PositiveIntegerField()
    curves = models.JSONField(default=dict)  # {horizon in days: [predicted chances, observed ones]}
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "number"], name="fit_number")]

    def parameters(self) -> Parameters | None:
        """Return the fitted parameters; None below the first rung."""
        if self.r is None or self.alpha is None or self.a is None or self.b is None:
            return None
        return Parameters(self.r, self.alpha, self.a, self.b)

    def value(self) -> LossRule:
        """Return the rung as the domain reads it, under the bounds that hold by default."""
        one, two, more = self.silences
        return LossRule(self.rung, self.parameters(), (one, two, more))

    def silences_within(self, loss: LossPolicy) -> list[float]:
        """Return the silences as they hold within a policy's bounds: those of medians are stored as they were found."""
        return [min(max(days, loss.earliest_days), loss.latest_days) for days in self.silences]

    def curve(self, horizon: int) -> Curve:
        """Return how chances within so many days turned out."""
        if str(horizon) not in self.curves:
            return UNCHANGED
        predicted, observed = self.curves[str(horizon)]
        return Curve(tuple(predicted), tuple(observed))

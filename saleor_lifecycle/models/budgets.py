from django.db import models

from .installations import Installation


class VisitBudget(models.Model):
    """How much a storefront has told of its visitors lately; in a row of its own, which nobody else waits for."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    used_until = models.DateTimeField()  # each activity moves it on by what one may take; at most a minute ahead of now


class TestSendBudget(models.Model):
    """How many test mails staff have sent lately."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    used_until = models.DateTimeField()  # each mail moves it on by what one may take; at most an hour ahead of now

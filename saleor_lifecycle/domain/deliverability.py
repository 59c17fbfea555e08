"""How many of the messages bounce or are complained of, and from when on no more of them leave."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

WINDOW_DAYS = 7
"""Days that rates are taken over, today among them."""

LEAST_SENT = 100
"""Below so many messages no rate says anything."""


class Harm(StrEnum):
    """What makes receivers turn against a sender; also the reason of a pause."""

    BOUNCES = "bounces"
    COMPLAINTS = "complaints"


class Standing(StrEnum):
    GOOD = "good"
    WARNED = "warned"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which share on staff are warned, and commercial messages wait; never below ``least`` cases."""

    warn: Fraction
    pause: Fraction
    least: int


THRESHOLDS = {
    # Amazon SES reviews an account from 5 % on; Mailgun and Mailchimp advise to stay below 2 %.
    # https://docs.aws.amazon.com/ses/latest/dg/reputation-dashboard-messages.html
    Harm.BOUNCES: Threshold(Fraction(2, 100), Fraction(5, 100), least=5),
    # Gmail: keep it below 0.10 %, never reach 0.30 %. https://support.google.com/a/answer/81126
    Harm.COMPLAINTS: Threshold(Fraction(1, 1000), Fraction(3, 1000), least=3),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages that were sent, and of them those that bounced for good and those that were complained of."""

    sent: int = 0
    bounced: int = 0
    complained: int = 0

    def harmed(self, harm: Harm) -> int:
        """Return how many came to that harm."""
        return self.bounced if harm is Harm.BOUNCES else self.complained

    def rate(self, harm: Harm) -> float | None:
        """Return their share; None where nothing was sent."""
        return self.harmed(harm) / self.sent if self.sent else None


def judge(counts: Counts) -> dict[Harm, Standing]:
    """Return how a sender stands by what became of its messages."""
    return {harm: _stand(counts, harm) for harm in Harm}


def _stand(counts: Counts, harm: Harm) -> Standing:
    threshold, cases = THRESHOLDS[harm], counts.harmed(harm)
    if counts.sent < LEAST_SENT or cases < threshold.least:
        return Standing.GOOD
    if cases >= threshold.pause * counts.sent:
        return Standing.PAUSED
    return Standing.WARNED if cases >= threshold.warn * counts.sent else Standing.GOOD

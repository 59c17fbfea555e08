"""What staff shall read in Saleor's Dashboard, until it is over; the task deliver tells it there.

Told once: what staff dismiss stays dismissed until it was over and begins again.
"""

from datetime import datetime

from django.db.models import F

from saleor_lifecycle.domain.problems import CRITICAL, ProblemKey, words
from saleor_lifecycle.models import Installation, Outbox


def raise_problem(installation_id: int, key: str, message: str, now: datetime) -> None:
    """Have staff told of a problem, unless they were told the same already."""
    row, is_new = Outbox.objects.get_or_create(
        installation_id=installation_id,
        kind=Outbox.Kind.PROBLEM,
        key=key,
        defaults={"written": {"message": message}, "due_at": now},
    )
    if not is_new and row.written != {"message": message}:
        Outbox.objects.filter(pk=row.pk).update(
            written={"message": message}, version=F("version") + 1, attempts=0, due_at=now
        )


def clear(installation_id: int, key: str, now: datetime) -> None:
    """Have a problem taken back that staff were told of; one that they were not told of is none."""
    told = Outbox.objects.filter(installation_id=installation_id, kind=Outbox.Kind.PROBLEM, key=key)
    told.exclude(written={}).update(written={}, version=F("version") + 1, attempts=0, due_at=now)


def tell(installation: Installation, key: ProblemKey, is_there: bool, now: datetime) -> None:
    """Raise one of our own problems in the shop's language, or clear it."""
    if is_there:
        raise_problem(installation.pk, key.value, words(key, installation.language), now)
    else:
        clear(installation.pk, key.value, now)


def is_critical(key: str) -> bool:
    """Do messages not leave because of it?"""
    return key in CRITICAL

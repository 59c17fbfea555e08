"""The domains that an installation writes from: which there are, when each is checked, and what the check found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from saleor_lifecycle.domain.sender_records import Check, Finding, Level, Record
from saleor_lifecycle.models import Brand, ChannelBrand, Installation, SenderDomain

from . import warm_ups

AGAIN_AFTER = timedelta(days=1)
SOON = timedelta(hours=1)
"""When a domain is looked at again of which DNS did not say all."""
LEASE = timedelta(minutes=5)
MOST_SELECTORS = 10
_UNSURE = frozenset({"dns_silent", "alignment_unknown"})
EMAIL = "email"


def sender_channels(brand: Brand) -> dict[str, str]:
    """Return each domain that is written from, with a Saleor channel in which it is, "" for all that say nothing."""
    named = ChannelBrand.objects.filter(installation_id=brand.pk).order_by("-channel").values_list("channel", "values")
    senders = {channel: str(values.get("sender_email", "")) for channel, values in named}
    return {
        domain: channel
        for channel, address in (*senders.items(), ("", brand.sender_email))
        if (domain := address.rpartition("@")[2].strip().lower())
    }


def note(brand: Brand, now: datetime) -> None:
    """Keep in step with the senders: a new domain is checked at once, one that nobody writes from is forgotten."""
    wanted = sender_channels(brand)
    held = SenderDomain.objects.filter(installation_id=brand.pk)
    held.exclude(domain__in=wanted).delete()
    SenderDomain.objects.bulk_create(
        [SenderDomain(installation_id=brand.pk, domain=domain, due_at=now) for domain in sorted(wanted)],
        ignore_conflicts=True,
    )


def change_sender(installation: Installation, brand: Brand, before: str, now: datetime) -> None:
    """Take in that another address writes: a domain that has written nothing yet is warmed up."""
    domain = brand.sender_email.rpartition("@")[2].lower()
    is_known = SenderDomain.objects.filter(installation=installation, domain=domain).exists()
    if domain and not is_known and domain != before.rpartition("@")[2].lower():
        warm_ups.begin(installation, EMAIL)
    note(brand, now)


def ask(installation_id: int, now: datetime) -> None:
    """Have all domains checked now."""
    note(Brand.objects.get(pk=installation_id), now)
    SenderDomain.objects.filter(installation_id=installation_id).update(due_at=now)


def set_selectors(installation_id: int, domain: str, selectors: Sequence[str], now: datetime) -> bool:
    """Say below which selectors a domain's keys stand, none for its provider's usual ones; return whether it is one."""
    held = SenderDomain.objects.filter(installation_id=installation_id, domain=domain)
    return held.update(selectors=list(selectors), due_at=now) > 0


def take_due(installation_id: int, limit: int, now: datetime) -> list[SenderDomain]:
    """Return domains to be checked, kept from other workers for some minutes."""
    due = SenderDomain.objects.filter(installation_id=installation_id, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.select_for_update(skip_locked=True)[:limit])
    SenderDomain.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
    return rows


def keep(row: SenderDomain, provider: str, findings: Sequence[Finding], now: datetime) -> None:
    """Store what a check came to. Where DNS said nothing, what it said before stays."""
    is_silent = any(one.code == "dns_silent" for one in findings)
    known = {one.check for one in findings if one.code not in _UNSURE}
    kept = [one for one in read(row.findings) if one.check not in known] if is_silent else []
    settled = {one.check for one in kept}
    told = [one for one in findings if one.code not in _UNSURE or one.check not in settled]
    SenderDomain.objects.filter(pk=row.pk).update(
        provider=provider,
        findings=[asdict(one) for one in (*told, *kept)],
        checked_at=now,
        due_at=now + (SOON if is_silent else AGAIN_AFTER),
    )


def read(findings: Iterable[Mapping[str, object]]) -> list[Finding]:
    """Return stored findings as the domain has them."""
    return [_read(dict(one)) for one in findings]


def _read(held: dict[str, object]) -> Finding:
    put = held.pop("put", None)
    record = Record(**put) if isinstance(put, dict) else None
    check, level = Check(str(held.pop("check"))), Level(str(held.pop("level")))
    return Finding(check=check, level=level, put=record, **held)  # type: ignore[arg-type]

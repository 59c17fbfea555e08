"""What waits for a customer on the shop's site: decided like any message each time that it is shown.

That somebody has seen one, or wants it gone, is written where they say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saleor_lifecycle.actions import brands, decisions, messages, on_site, send_facts, templates
from saleor_lifecycle.channels.faults import TemplateError
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import within

from . import contents, filling

CHANNEL = "on_site"


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands on the site at this moment."""

    id: UUID
    topic: str
    placement: str
    title: str
    text: str
    language: str
    since: datetime
    seen_at: datetime | None
    ends_at: datetime


def waiting(
    installation_id: int, customer_id: int, channel: str, placement: str | None, now: datetime
) -> list[Standing]:
    """Return what a customer may be shown in one of the shop's channels, the newest first.

    The shop is asked of what a message is about, and while it is away only the others stand there.
    """
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        rows = on_site.standing(customer_id, placement, now)
        candidates = messages.candidates(rows)
    if not rows:
        return []
    found = contents.ask(installation, candidates, now, CHANNEL)
    answers = {key: send_facts.Answer(one.address, one.truth, one.offer) for key, one in found.items()}
    with within(installation_id):
        shown = [
            row
            for row in decisions.still_may_stand(installation, rows, answers, now)
            if found[row.pk].channel in ("", channel)
        ]
        known = brands.by_channel(installation_id)
        names = send_facts.first_names({customer_id})
        placements = on_site.placements(shown)
        words = templates.find_all(installation_id, [(row.template, found[row.pk].language) for row in shown])
    told = []
    for row in shown:
        version = words[row.template, found[row.pk].language]
        if version is not None and version.short_text:
            source = TemplateSource(version.subject, "", "", version.language, version.short_text)
            told.append((row, source))
    return [
        standing
        for row, source in told
        if (standing := _standing(installation, row, source, found[row.pk], known, names, placements))
    ]


def _standing(
    installation: Installation,
    row: Message,
    source: TemplateSource,
    found: contents.Found,
    known: Mapping[str, Brand],
    names: Mapping[int, str],
    placements: Mapping[str, str],
) -> Standing | None:
    """Return a message with its words; None where they cannot be made any more."""
    assert row.settled_at is not None
    brand = brands.of(known, found.channel)
    name = names.get(row.customer_id or 0, "")
    reason = filling.reason(found, Purpose(row.purpose), Basis.GRANTED)
    values = filling.values(installation, brand, row.public_id, found, name, source.language, reason)
    try:
        words = render(source, values)
    except TemplateError:
        return None
    return Standing(
        id=row.public_id,
        topic=row.topic,
        placement=placements.get(row.template, ""),
        title=words.subject,
        text=words.short,
        language=source.language,
        since=row.settled_at,
        seen_at=row.seen_at,
        ends_at=row.settled_at + on_site.STANDS,
    )

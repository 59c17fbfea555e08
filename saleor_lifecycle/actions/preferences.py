"""What a person chooses on the page that a mail links to, or in the storefront: topics, how often, how personally."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from saleor_lifecycle.domain.consent import PERMITTING, Choice, Source
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.preferences import Preferences
from saleor_lifecycle.domain.suppressions import UNSUBSCRIBED
from saleor_lifecycle.domain.topics import Topic
from saleor_lifecycle.models import Account, Consent, Customer, Identity, Installation, Message, Preference, Suppression
from saleor_lifecycle.models.sets import upsert

from . import bases, consent, customers, identities, suppressions


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for whom a message went to: each topic offered, and how they want to be written to."""

    person: int
    topics: tuple[tuple[Topic, Choice], ...]
    wants: Preferences
    is_for_good: bool  # the address bounced, complained or was put aside: nothing leaves for it, whatever is chosen


def standing(message: Message, now: datetime) -> Standing | None:
    """Return what stands for whom a message went to; None for nobody's message."""
    person = consent.person_of(message)
    if person is None:
        return None
    said, held = bases.said_by(message.installation_id, [person])
    reason = (
        Suppression.objects.filter(channel=message.channel, address_hash=message.address_hash)
        .values_list("reason", flat=True)
        .first()
    )
    topics = tuple(
        (topic, bases.judged(said[person], held, topic.key, message.channel, now, is_suppressed=reason is not None))
        for topic in held.topic_list()
        if not topic.is_archived
    )
    wants = bases.preferences_of([person]).get(person, Preferences())
    return Standing(person, topics, wants, reason not in (None, UNSUBSCRIBED))


def choose(
    message: Message, wanted: Mapping[str, bool], wants: Preferences | None, text: str, now: datetime
) -> Standing | None:
    """Store what whom a message went to has chosen; return what stands then, None for nobody's message.

    ``wanted``: by topic; only what differs from what stands is a new word. A yes also ends the unsubscription of the
    address, because the link was sent there. ``wants``: None leaves it as it is; ``text``: what was before them.
    """
    person = consent.person_of(message)
    if person is None:
        return None
    identities.lock([person])
    identity, before = consent.identity_of(message, person), standing(message, now)
    if identity is None or before is None:
        return None
    changed = {
        topic.key: wanted[topic.key]
        for topic, choice in before.topics
        if topic.key in wanted and wanted[topic.key] != (choice.basis in PERMITTING)
    }
    text_hash = consent.keep_text(message.installation_id, text)
    no_at = consent.after_every_yes(person, message.channel, now)
    rows = [
        consent.row_of(message.installation, identity, Source.PREFERENCES, is_wanted, now if is_wanted else no_at)
        | {
            "topic": topic,
            "channel": message.channel,
            "evidence": f"message {message.public_id}",
            "text_hash": text_hash,
        }
        for topic, is_wanted in changed.items()
    ]
    if any(changed.values()):
        suppressions.take_back(message.channel, [message.address_hash], now)
    if rows:
        upsert(Consent, rows, consent.KEY, guard=("at", "evidence"))
        consent.tell(message.installation, person, rows, now)
        consent.end_refused(message.installation_id, [person], now)
    if wants is not None and wants != before.wants:
        put(message.installation, person, identity, wants, text_hash, now)
    return standing(message, now)


def of_account(user_id: str) -> Preferences:
    """Return how the person behind an account wants to be written to."""
    person = Identity.objects.filter(kind=IdentityKind.USER.value, value=user_id).values_list("customer_id", flat=True)
    held = [one for one in person if one is not None]
    return bases.preferences_of(held).get(held[0], Preferences()) if held else Preferences()


def put_for_account(
    installation: Installation, user_id: str, change: Callable[[Preferences], Preferences], text: str, now: datetime
) -> Preferences | None:
    """Store how the person behind an account wants to be written to; None when the account was deleted."""
    if Account.objects.filter(user_id=user_id, deleted_at__isnull=False).exists():
        return None
    key = Key(IdentityKind.USER, user_id)
    identity = identities.resolve(installation.pk, [key], now)[key]
    assert identity.customer_id is not None
    identities.lock([identity.customer_id])
    wants = change(bases.preferences_of([identity.customer_id]).get(identity.customer_id, Preferences()))
    put(installation, identity.customer_id, identity, wants, consent.keep_text(installation.pk, text), now)
    if Customer.objects.filter(pk=identity.customer_id, phase_since=None).exists():
        customers.refold(installation, [identity.customer_id], now, Cause.BEHAVIOUR)
    return wants


def put(
    installation: Installation, person: int, identity: Identity, wants: Preferences, text_hash: str, now: datetime
) -> None:
    """Store how somebody, locked already, wants to be written to, in place of all that their handles said before."""
    Preference.objects.filter(identity__customer_id=person).delete()
    if wants != Preferences():
        Preference.objects.create(
            installation=installation,
            identity=identity,
            frequency=wants.frequency.value,
            paused_until=wants.paused_until,
            is_personalised=wants.is_personalised,
            language=wants.language,
            text_hash=text_hash,
            at=now,
        )

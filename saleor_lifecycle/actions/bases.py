"""What people's records come to: may somebody be written to about a topic on a channel, and may it be noted?"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import F

from saleor_lifecycle.domain import preferences as chosen
from saleor_lifecycle.domain.consent import (
    DATED,
    EVERY_TOPIC,
    Basis,
    Choice,
    ConsentRecord,
    choice,
    is_withdrawn,
)
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.legal_basis import standing_order
from saleor_lifecycle.domain.topics import Topic
from saleor_lifecycle.models import (
    Account,
    Consent,
    ConsentSettings,
    Customer,
    Installation,
    Message,
    Preference,
    Suppression,
)

from .addresses import address_hash


def settings_of(installation_id: int) -> ConsentSettings:
    """Return what the merchant says of consent; what holds by default where nothing was said."""
    held = ConsentSettings.objects.filter(pk=installation_id).first()
    return held or ConsentSettings(installation_id=installation_id)


def topics(installation_id: int) -> tuple[Topic, ...]:
    """Return the topics that people are offered, in the merchant's order."""
    return tuple(topic for topic in settings_of(installation_id).topic_list() if not topic.is_archived)


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of one person: each record with its topic and channel, and the orders that may stand in."""

    records: list[tuple[str, str, ConsentRecord]] = field(default_factory=list)
    last_order_at: datetime | None = None
    country: str = ""

    def of(self, topic: str, channel: str) -> Iterable[ConsentRecord]:
        """Return the records that count for a topic on a channel."""
        return (each for about, by, each in self.records if about in (EVERY_TOPIC, topic) and by == channel)


def said_by(installation_id: int, customer_ids: Collection[int]) -> tuple[dict[int, Said], ConsentSettings]:
    """Return what each of these customers said, and what the merchant says of consent; a few queries for all."""
    held = settings_of(installation_id)
    records: dict[int, list[tuple[str, str, ConsentRecord]]] = defaultdict(list)
    for row in Consent.objects.filter(identity__customer_id__in=customer_ids).annotate(by=F("identity__customer_id")):
        records[row.by].append((row.topic, row.channel, row.value()))
    orders: dict[int, datetime | None] = {}
    lands: dict[int, str] = {}
    if held.soft_opt_in:
        orders = dict(Customer.objects.filter(pk__in=customer_ids).values_list("id", "last_order_at"))
        lands = countries(customer_ids)
    return {one: Said(records[one], orders.get(one), lands.get(one, "")) for one in customer_ids}, held


def bases(messages: Collection[Message], now: datetime) -> dict[int, Basis]:
    """Return the basis of each of these messages, all of one installation, by its id."""
    people = {message.customer_id for message in messages if message.customer_id is not None}
    if not people:
        return {message.pk: Basis.NONE for message in messages}
    said, held = said_by(next(iter(messages)).installation_id, people)
    return {
        message.pk: Basis.NONE
        if message.customer_id is None
        else judged(said[message.customer_id], held, message.topic, message.channel, now).basis
        for message in messages
    }


def basis_of(installation_id: int, customer_id: int, topic: str, channel: str, now: datetime) -> Choice:
    """Return the basis of one customer for a topic on a channel, with where it comes from."""
    said, held = said_by(installation_id, [customer_id])
    return judged(said[customer_id], held, topic, channel, now)


def judged(
    said: Said, held: ConsentSettings, topic: str, channel: str, now: datetime, *, is_suppressed: bool = False
) -> Choice:
    """Return what a person's records and orders come to for a topic on a channel."""
    ordered_at = standing_order(held.rules(), said.country, channel, said.last_order_at, now)
    return choice(said.of(topic, channel), is_suppressed, ordered_at)


def countries(customer_ids: Collection[int]) -> dict[int, str]:
    """Return the country of each customer's newest order or cart that names one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (customer_id) customer_id, country FROM (
                SELECT customer_id, country, placed.created_at FROM lifecycle_order placed
                JOIN lifecycle_identity identity ON identity.id = placed.identity_id
                WHERE customer_id = ANY(%(people)s) AND country <> ''
                UNION ALL
                SELECT customer_id, country, cart.created_at FROM lifecycle_cart cart
                JOIN lifecycle_identity identity ON identity.id = cart.identity_id
                WHERE customer_id = ANY(%(people)s) AND country <> ''
            ) AS seen ORDER BY customer_id, created_at DESC NULLS LAST, country
            """,
            {"people": list(customer_ids)},
        )
        return dict(cursor.fetchall())


def choices(
    installation: Installation, user_id: str, email: str | None, channel: str, now: datetime
) -> dict[str, Choice]:
    """Return what stands for each topic of an account; ``email``: its address, where Saleor has not told us of it."""
    address = Account.objects.filter(user_id=user_id).values_list("email", flat=True).first() or email
    is_suppressed = (
        address is not None
        and Suppression.objects.filter(
            channel=channel, address_hash=address_hash(installation, channel, address)
        ).exists()
    )
    person = Customer.objects.filter(identities__kind=IdentityKind.USER.value, identities__value=user_id).first()
    if person is None:
        said, held = Said(), settings_of(installation.pk)
    else:
        people, held = said_by(installation.pk, [person.pk])
        said = people[person.pk]
    return {
        topic.key: judged(said, held, topic.key, channel, now, is_suppressed=is_suppressed)
        for topic in held.topic_list()
        if not topic.is_archived
    }


def withdrawn(customer_ids: Iterable[int]) -> Callable[[int, str, str], bool]:
    """Return how to tell, of one of these customers, a topic and a channel, whether the person told us to stop."""
    words: dict[int | None, list[tuple[str, str, ConsentRecord]]] = defaultdict(list)
    rows = Consent.objects.filter(identity__customer_id__in=customer_ids, source__in=[each.value for each in DATED])
    for row in rows.select_related("identity"):
        words[row.identity.customer_id].append((row.topic, row.channel, row.value()))

    def is_over(customer_id: int, topic: str, channel: str) -> bool:
        return is_withdrawn(
            record for about, by, record in words[customer_id] if about in (EVERY_TOPIC, topic) and by == channel
        )

    return is_over


def is_unsubscribed(message: Message) -> bool:
    """Has the address that ``message`` went to ended every commercial message on its channel, or is it no good?"""
    return Suppression.objects.filter(
        installation_id=message.installation_id, channel=message.channel, address_hash=message.address_hash
    ).exists()


def preferences_of(customer_ids: Collection[int]) -> dict[int, chosen.Preferences]:
    """Return how those of these customers want to be written to who have said so."""
    rows: dict[int, list[chosen.Preferences]] = defaultdict(list)
    held = Preference.objects.filter(identity__customer_id__in=customer_ids).annotate(by=F("identity__customer_id"))
    for row in held.order_by("at", "id"):
        rows[row.by].append(row.value())
    return {customer_id: chosen.strictest(several) for customer_id, several in rows.items()}


def tracked(installation_id: int, customer_ids: Collection[int]) -> set[int]:
    """Return those of these customers of whom it may be noted what they open and click: nobody who refuses messages."""
    records, held = said_by(installation_id, customer_ids)
    wants = preferences_of(customer_ids)
    unasked = chosen.Preferences()
    return {
        one
        for one in customer_ids
        if chosen.is_tracked(wants.get(one, unasked), held.is_tracking_default)
        and choice(records[one].of(EVERY_TOPIC, "email")).basis is not Basis.REFUSED
    }


def is_tracked(customer_id: int) -> bool:
    """May it be noted what this customer opens and clicks?"""
    held = Customer.objects.values_list("installation_id", flat=True).get(pk=customer_id)
    return customer_id in tracked(held, [customer_id])


def quiet_until(customer_ids: Collection[int], channel: str) -> dict[int, datetime]:
    """Return, of those customers who asked for it, the moment before which no commercial message leaves on a channel.

    It counts what was handed to the provider, or may have been.
    """
    said = preferences_of(customer_ids)
    slow = [one for one, wants in said.items() if chosen.SPACING[wants.frequency]]
    last: dict[int, datetime] = {}
    if slow:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT customer_id, max(COALESCE(settled_at, queued_at)) FROM lifecycle_message
                WHERE customer_id = ANY(%s) AND channel = %s AND purpose = 'commercial'
                    AND state IN ('sent', 'sending', 'unknown')
                GROUP BY customer_id
                """,
                [slow, channel],
            )
            last = dict(cursor.fetchall())
    found = {one: chosen.quiet_until(wants, last.get(one)) for one, wants in said.items()}
    return {one: until for one, until in found.items() if until is not None}

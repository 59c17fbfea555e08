"""Arms of holdouts: a person's key is that of whoever was there first of those who turned out to be them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection

from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.holdout import Assignment, Shares, assign, is_staff
from saleor_lifecycle.domain.messages import SERVICE_TOPICS, Purpose
from saleor_lifecycle.models import Account, Brand, ChannelBrand, Customer, Identity, Installation

MOST_PERCENT = 50


def set_everywhere(installation_id: int, percent: int) -> None:
    """Hold so many of a hundred customers out of every flow that they enter from now on. Raises ValueError."""
    if not 0 <= percent <= MOST_PERCENT:
        raise ValueError(f"give 0 to {MOST_PERCENT} of a hundred")
    Installation.objects.filter(pk=installation_id).update(holdout_share=percent / 100)


def keep_first(customer_ids: Iterable[int]) -> None:
    """Give customers, whom others were joined to or separated from, the key of whoever was there first; null: the own.

    Those who were joined keep keys of their own, so separating brings both back to where they were.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE person(id, one, public_id, created_at) AS (
                SELECT id, id, public_id, created_at FROM lifecycle_customer WHERE id = ANY(%s)
                UNION
                SELECT person.id, other.id, other.public_id, other.created_at
                FROM person JOIN lifecycle_customer other ON other.merged_into_id = person.one
            ), first AS (
                SELECT DISTINCT ON (id) id, CASE WHEN one <> id THEN public_id END AS key
                FROM person ORDER BY id, created_at, one
            )
            UPDATE lifecycle_customer SET holdout_key = first.key FROM first
            WHERE lifecycle_customer.id = first.id AND lifecycle_customer.holdout_key IS DISTINCT FROM first.key
            """,
            [sorted(set(customer_ids))],
        )


def assigned(
    installation: Installation, flow_key: str, document: FlowDocument, customer_ids: Collection[int]
) -> dict[int, Assignment]:
    """Return on which side each of these customers is who enters a flow."""
    shares = Shares(document.holdout, installation.holdout_share)
    purpose = Purpose.SERVICE if document.topic in SERVICE_TOPICS else Purpose.COMMERCIAL
    # Whoever is not left to the hash anyway need not be known as the shop's own.
    staff = _staff(installation.pk, customer_ids) if shares.flow or shares.everywhere else set()
    people = Customer.objects.only("public_id", "holdout_key").in_bulk(list(customer_ids))
    return {
        one: assign(customer.arm_key(), flow_key, shares, purpose, document.is_asked_for, one in staff)
        for one, customer in people.items()
    }


def _staff(installation_id: int, customer_ids: Collection[int]) -> set[int]:
    """Return which of these customers have an address of the shop's."""
    addresses: dict[int | None, set[str]] = defaultdict(set)
    emails = Identity.objects.filter(customer_id__in=customer_ids, kind=Identity.Kind.EMAIL)
    accounts = Account.objects.filter(identity__customer_id__in=customer_ids, deleted_at=None)
    for rows in (
        emails.values_list("customer_id", "value"),
        accounts.values_list("identity__customer_id", "email"),
    ):
        for customer_id, address in rows:
            addresses[customer_id].add(address)
    senders, own = set(), set()
    for brand in Brand.objects.filter(pk=installation_id):
        senders.add(brand.sender_email)
        own |= {brand.reply_to, brand.contact_email}
    for values in ChannelBrand.objects.filter(installation_id=installation_id).values_list("values", flat=True):
        senders.add(values.get("sender_email", ""))
        own |= {values.get("reply_to", ""), values.get("contact_email", "")}
    return {one for one in customer_ids if is_staff(addresses[one], senders - {""}, own - {""})}

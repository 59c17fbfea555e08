"""Pages of all that a shop holds, read into facts: the same fragments as in webhooks, through the same snapshots."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from saleor_lifecycle.domain.attributes import Origin
from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.outbound import LONG_PATIENCE
from saleor_lifecycle.saleor import client, snapshots
from saleor_lifecycle.saleor.answers import code
from saleor_lifecycle.saleor.client import exceptions
from saleor_lifecycle.saleor.errors import Incomplete, ShopAway

SIZE = 100
"""The most that Saleor gives in one page."""

BODIES = 25
"""How many bodies are read at once: those of imports of orders are long."""

OPERATIONS = {
    Kind.CUSTOMERS: "CustomersPage",
    Kind.ORDERS: "OrdersPage",
    Kind.CHECKOUTS: "CheckoutsPage",
    Kind.PRODUCTS: "ProductsPage",
    Kind.DELIVERIES: "FailedDeliveries",
}
NEEDED = {
    Kind.CUSTOMERS: "MANAGE_USERS",
    Kind.ORDERS: "MANAGE_ORDERS",
    Kind.CHECKOUTS: "MANAGE_CHECKOUTS",
    Kind.PRODUCTS: "MANAGE_ORDERS",  # also lets all products be seen
}

Node = client.UserFacts | client.OrderFacts | client.OpenCheckout | client.ProductFacts
Answer = client.CustomersPagePage | client.OrdersPagePage | client.CheckoutsPagePage | client.ProductsPagePage

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """What the shop could not deliver: the event's name as in the header, and the body."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. ``cursor`` is where the next one begins, None after the last.

    ``read`` counts its rows, those included that are no facts for us (staff), and the ``skipped``, which cannot be one.
    ``total`` is there on the first page only: Saleor counts slowly.
    """

    facts: tuple[Fact, ...]
    read: int
    skipped: int
    total: int | None
    cursor: str | None
    deliveries: tuple[FailedDelivery, ...] = ()


def read(
    asked: client.SaleorClient, kind: Kind, after: str, since: datetime | None, now: datetime, consent_key: str
) -> Page:
    """The page after that cursor, the first after "", of what changed ``since`` or of all.

    ``now`` dates what was read: take it before the question. Of products all are read at any time: neither a new
    collection nor a removal changes their ``updatedAt``.

    An order that Saleor holds against its own schema (``populatedb`` makes some without an origin) takes the page with
    it: the page ends before that order, and the next one is that order alone, skipped.
    """
    try:
        answer = _ask(asked, kind, after, since, SIZE)
    except exceptions.GraphQLClientGraphQLMultiError as trouble:
        broken = _broken_row(trouble)
        if kind is not Kind.ORDERS or broken is None:
            raise
        if broken == 0:
            return _passed(asked, after, since)
        answer = _ask(asked, kind, after, since, broken)
    if answer is None:
        raise ShopAway(f"{OPERATIONS[kind]}: a part of the answer is missing")
    facts, skipped = [], 0
    for edge in answer.edges:
        try:
            fact = _fact(edge.node, now, consent_key)
        except ValueError as trouble:  # its text names no values
            logger.warning("one of the shop's %s cannot be stored: %s", kind.value, trouble)
            skipped += 1
        else:
            facts += [fact] if fact else []
    info = answer.page_info
    if info.has_next_page and info.end_cursor in (None, after):
        raise ShopAway(f"{OPERATIONS[kind]}: there is more, and the answer does not say where")
    return Page(
        facts=tuple(facts),
        read=len(answer.edges),
        skipped=skipped,
        total=answer.total_count,
        cursor=info.end_cursor if info.has_next_page else None,
    )


def texts_under(asked: client.SaleorClient, origin: Origin, key: str, first: int) -> list[str]:
    """What stands under a metadata key of the newest users, checkouts or orders that have it."""
    answer = asked.texts_under_key(
        first, key, *(origin is each for each in (Origin.USER, Origin.CHECKOUT, Origin.ORDER))
    )
    page = answer.customers or answer.checkouts or answer.orders
    if page is None:
        raise ShopAway("TextsUnderKey: a part of the answer is missing")
    return [item.value for edge in page.edges for item in edge.node.metadata if item.key == key]


def _broken_row(trouble: exceptions.GraphQLClientGraphQLMultiError) -> int | None:
    """The first row of a page that Saleor could not give, where nothing else is wrong with the answer."""
    rows = set[int]()
    for error in trouble.errors:
        above, row = [str(step) for step in error.path or ()][:2], "".join(map(str, (error.path or ())[2:3]))
        if above != ["page", "edges"] or not row.isdecimal() or code(error.extensions) != "GraphQLError":
            return None
        rows.add(int(row))
    return min(rows, default=None)


def _passed(asked: client.SaleorClient, after: str, since: datetime | None) -> Page:
    """The page of one order that cannot be read."""
    answer = asked.orders_passed(not after, after or None, since, timeout=LONG_PATIENCE).page
    if answer is None or (answer.page_info.has_next_page and answer.page_info.end_cursor in (None, after)):
        raise ShopAway("OrdersPassed: a part of the answer is missing")
    logger.warning("one of the shop's orders cannot be read: Saleor holds it against its own schema")
    return Page((), 1, 1, answer.total_count, answer.page_info.end_cursor if answer.page_info.has_next_page else None)


def _ask(asked: client.SaleorClient, kind: Kind, after: str, since: datetime | None, size: int) -> Answer | None:
    is_counted, cursor = not after, after or None
    match kind:
        case Kind.CUSTOMERS:
            return asked.customers_page(size, is_counted, cursor, since, timeout=LONG_PATIENCE).page
        case Kind.ORDERS:
            return asked.orders_page(size, is_counted, cursor, since, timeout=LONG_PATIENCE).page
        case Kind.CHECKOUTS:
            day = since.astimezone(UTC).date().isoformat() if since else None
            return asked.checkouts_page(size, is_counted, cursor, day, timeout=LONG_PATIENCE).page
        case Kind.PRODUCTS:
            return asked.products_page(size, is_counted, cursor, timeout=LONG_PATIENCE).page
        case Kind.DELIVERIES:
            raise ValueError("failed deliveries are read webhook by webhook")


def _fact(node: Node, now: datetime, consent_key: str) -> Fact | None:
    digest = hashlib.sha256(node.model_dump_json().encode()).hexdigest()
    if isinstance(node, client.UserFacts):
        return None if node.is_staff else snapshots.account_fact(node, now, digest, consent_key)
    if isinstance(node, client.OrderFacts):
        return snapshots.order_fact(node, now, digest)
    if isinstance(node, client.ProductFacts):
        return snapshots.product_fact(node, now, digest)
    return snapshots.cart_fact(node, now, digest, consent_key)


def read_failed(asked: client.SaleorClient, webhook_ids: list[str], after: str, since: datetime | None) -> Page:
    """What the shop could not deliver to these webhooks of ours ``since``, a page of one webhook at a time.

    The cursor names the webhook and Saleor's own cursor. News about the app itself are left out: what it was told then
    may have changed since, and they have no version.
    """
    webhook, _, cursor = after.partition(" ")
    left = sorted(webhook_ids)
    left = left[left.index(webhook) :] if webhook in left else [one for one in left if one > webhook]
    if not left:
        return Page((), 0, 0, None, None)
    answer = asked.failed_deliveries(left[0], BODIES, (cursor or None) if left[0] == webhook else None).webhook
    found = answer.event_deliveries if answer else None
    if found is None:
        raise ShopAway(f"{OPERATIONS[Kind.DELIVERIES]}: a part of the answer is missing")
    nodes = [edge.node for edge in found.edges if since is None or edge.node.created_at >= since]
    deliveries = [
        FailedDelivery(node.event_type.value.lower(), node.payload.encode())
        for node in nodes
        if node.payload and not node.event_type.value.startswith("APP_")
    ]
    following = f"{left[1]} " if len(left) > 1 else None
    if found.page_info.has_next_page and len(nodes) == len(found.edges):
        following = f"{left[0]} {found.page_info.end_cursor}"
    return Page((), len(deliveries), 0, None, following, tuple(deliveries))


def whole(page: client.OrdersFound | None) -> list[client.OrderFacts]:
    """The orders of a page that has no next one."""
    if page is None:
        raise ShopAway("OrdersSince: a part of the answer is missing")
    if page.page_info.has_next_page:
        raise Incomplete("OrdersSince: more orders than fit one page")
    return [edge.node for edge in page.edges]


def orders_found(answer: object) -> client.OrdersFound | None:
    return None if answer is None else client.OrdersFound.model_validate(answer)

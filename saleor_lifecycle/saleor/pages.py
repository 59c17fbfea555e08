"""Pages of all that a shop holds, read into facts: the same fragments as in webhooks, through the same snapshots."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from saleor_lifecycle.domain.attributes import Origin
from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.saleor import client, snapshots
from saleor_lifecycle.saleor.errors import ShopAway

SIZE = 100
"""The most that Saleor gives in one page."""

OPERATIONS = {Kind.CUSTOMERS: "CustomersPage", Kind.ORDERS: "OrdersPage", Kind.CHECKOUTS: "CheckoutsPage"}
NEEDED = {Kind.CUSTOMERS: "MANAGE_USERS", Kind.ORDERS: "MANAGE_ORDERS", Kind.CHECKOUTS: "MANAGE_CHECKOUTS"}

Node = client.UserFacts | client.OrderFacts | client.CheckoutFacts
Answer = client.CustomersPagePage | client.OrdersPagePage | client.CheckoutsPagePage

logger = logging.getLogger(__name__)


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


def read(asked: client.SaleorClient, kind: Kind, after: str, now: datetime, consent_key: str) -> Page:
    """The page after that cursor, the first after ""; ``now`` dates what was read: take it before the question."""
    answer = _ask(asked, kind, after)
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


def _ask(asked: client.SaleorClient, kind: Kind, after: str) -> Answer | None:
    is_counted, cursor = not after, after or None
    match kind:
        case Kind.CUSTOMERS:
            return asked.customers_page(SIZE, is_counted, cursor).page
        case Kind.ORDERS:
            return asked.orders_page(SIZE, is_counted, cursor).page
        case Kind.CHECKOUTS:
            return asked.checkouts_page(SIZE, is_counted, cursor).page


def _fact(node: Node, now: datetime, consent_key: str) -> Fact | None:
    digest = hashlib.sha256(node.model_dump_json().encode()).hexdigest()
    if isinstance(node, client.UserFacts):
        return None if node.is_staff else snapshots.account_fact(node, now, digest, consent_key)
    if isinstance(node, client.OrderFacts):
        return snapshots.order_fact(node, now, digest)
    return snapshots.cart_fact(node, now, digest, consent_key)

"""What the app asks of a shop: the generated client in our own words, with one error for each remedy."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

from saleor_lifecycle import outbound
from saleor_lifecycle.domain.attributes import Origin
from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.domain.facts import OrderFact
from saleor_lifecycle.saleor import (
    client,
    documents,
    offered,
    own_problems,
    own_webhooks,
    pages,
    projected,
    snapshots,
    vouchers,
)
from saleor_lifecycle.saleor.answers import split_errors, translated
from saleor_lifecycle.saleor.carts import CartNow, carts_document, read_cart
from saleor_lifecycle.saleor.errors import Incomplete, PermissionMissing, Refused, ShopAway, TokenDead
from saleor_lifecycle.saleor.pages import orders_found, whole
from saleor_lifecycle.saleor.projected import ATTRIBUTES_SINCE, Projected, ProjectedCustomer
from saleor_lifecycle.saleor.reconciliation import Change, FoundWebhook
from saleor_lifecycle.saleor.versions import read_version

MOST_AT_ONCE = 100  # Saleor's limit of aliases in one document, and of records in one page
MOST_PAGES = 100  # of one search
SEEING_ALL_PRODUCTS = {"MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_DISCOUNTS"}


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """Who the shop says that the token belongs to, and which shop it is."""

    app_id: str
    identifier: str | None
    permissions: frozenset[str]
    shop_name: str
    saleor_version: str


class Shop:
    """A shop that may be asked, as the app that the token belongs to; to be used in a ``with`` block.

    ``saleor_version`` is what the shop last said of itself; what it understood then, it understands after an upgrade.
    """

    def __init__(self, api_url: str, token: str, allow_private: bool = False, saleor_version: str = "") -> None:
        self._version = read_version(saleor_version)
        address = outbound.reached_at(api_url)
        self._http = outbound.client(allow_private or address != api_url, {"Authorization": f"Bearer {token}"})
        # The generated protocol wants by position what httpx takes by name; every call names it.
        self._client = client.SaleorClient(url=address, http_client=self._http)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def installed_app(self) -> InstalledApp:
        """The app that the token belongs to; TokenDead when Saleor takes it for nobody's."""
        try:
            with translated("InstalledApp"):
                answer = self._client.installed_app()
        except PermissionMissing:  # an app may always ask for itself
            raise TokenDead("the shop does not know the token") from None
        if answer.app is None:
            raise TokenDead("the shop does not know the token")
        return InstalledApp(
            app_id=answer.app.id,
            identifier=answer.app.identifier,
            permissions=frozenset(permission.code.value for permission in answer.app.permissions or []),
            shop_name=answer.shop.name,
            saleor_version=answer.shop.version,
        )

    def carts_now(self, checkout_ids: Sequence[str], language: str = "en") -> dict[str, CartNow | None]:
        """Each checkout as it stands, None when it is gone, read in one request (at most 100), in that language.

        A checkout that the shop could not work out is missing from the answer: nothing is known about it now.
        """
        ids = _at_most(checkout_ids)
        if not ids:
            return {}
        aliased = {f"c{number}": one for number, one in enumerate(ids)}
        with self._asking("CheckoutsNow"):
            variables = aliased | {"language": offered.language_code(language).value}
            response = self._client.execute(carts_document(len(ids)), "CheckoutsNow", variables)
            data, unclear = split_errors(self._client, response)
            if "app" in unclear or not isinstance(data, dict) or "app" not in data:
                raise ShopAway("CheckoutsNow: a part of the answer is missing")
            if data["app"] is None:
                # Checkouts are readable by anyone, so only this tells a dead token.
                raise TokenDead("the shop does not know the token")
            return {
                checkout_id: read_cart(data[alias])
                for alias, checkout_id in aliased.items()
                if alias in data and alias not in unclear
            }

    def products_now(self, channel: str, language: str, product_ids: Sequence[str]) -> offered.Offered:
        """What the channel publishes of these products (at most 100), in that language."""
        with self._asking("OfferedProducts"):
            return offered.read_products(self._client, channel, language, _at_most(product_ids))

    def vouchers_now(self, channel: str, voucher_ids: Sequence[str]) -> offered.Vouchers:
        """What the channel has of these vouchers (at most 100)."""
        with self._asking("OfferedVouchers"):
            return offered.read_vouchers(self._client, channel, _at_most(voucher_ids))

    def variant_costs(self, channel: str, variant_ids: Sequence[str]) -> Mapping[str, Decimal]:
        """What these variants (at most 100) cost the shop, where it knows; it takes MANAGE_PRODUCTS."""
        with self._asking("VariantCosts"):
            return vouchers.read_costs(self._client, channel, _at_most(variant_ids))

    def fill_voucher(self, wanted: vouchers.WantedVoucher, voucher_id: str, codes: Sequence[str]) -> str:
        """The id of the voucher, made if there is none, in which these codes (at most 100) count from now on."""
        with self._asking("FillVoucher"):
            return vouchers.fill(self._client, wanted, voucher_id, _at_most(codes))

    def take_codes_back(self, voucher_id: str, codes: Sequence[str]) -> None:
        """Delete codes of a voucher, as far as they are there."""
        with self._asking("DeleteCodes"):
            vouchers.take_back(self._client, voucher_id, codes)

    def orders_since(
        self,
        since: datetime,
        checkout_ids: Sequence[str],
        user_ids: Sequence[str],
        emails: Sequence[str],
        now: datetime,
    ) -> list[OrderFact]:
        """The orders made of these checkouts, and those created since by these users or e-mails, each once.

        Drafts are left out. Saleor compares e-mails letter by letter, so pass them as they were typed too.
        Raises Incomplete when there are more than a hundred of one kind. ``now`` dates what was read.
        """
        typed = sorted({*emails, *map(str.lower, emails)})
        with self._asking("OrdersSince"):
            if documents.is_older("queries", "orders_since", self._version):
                pages = self._orders_of_days(since, list(checkout_ids), set(user_ids), set(typed))
            else:
                answer = self._client.orders_since(since, list(checkout_ids), list(user_ids), typed)
                pages = [whole(page) for page in (answer.by_checkout, answer.by_user, answer.by_email)]
            found: dict[str, OrderFact] = {}
            for edge in (edge for page in pages for edge in page):
                digest = hashlib.sha256(edge.model_dump_json().encode()).hexdigest()
                if order := snapshots.order_fact(edge, now, digest):
                    found[order.order_id] = order
        return list(found.values())

    def _orders_of_days(
        self, since: datetime, checkout_ids: list[str], user_ids: set[str], emails: set[str]
    ) -> list[list[client.OrderFacts]]:
        """The same of a Saleor that cannot search so: all orders since that day are read, and ours are picked out."""
        query = documents.document("queries", "orders_since", self._version)
        asked: dict[str, Any] = {"day": since.astimezone(UTC).date().isoformat(), "checkouts": checkout_ids}
        picked: list[list[client.OrderFacts]] = []
        for _ in range(MOST_PAGES):
            answer = self._client.get_data(self._client.execute(query, "OrdersSince", asked))
            if not picked:
                picked.append(whole(orders_found(answer["byCheckout"])))
            recent = orders_found(answer["recent"])
            if recent is None:
                raise ShopAway("OrdersSince: a part of the answer is missing")
            orders = [edge.node for edge in recent.edges]
            picked.append(
                [
                    order
                    for order in orders
                    if order.created >= since
                    and ((order.user and order.user.id in user_ids) or (order.user_email or "").lower() in emails)
                ]
            )
            if not recent.page_info.has_next_page:
                return picked
            asked["after"] = answer["recent"]["pageInfo"]["endCursor"]
        raise Incomplete("OrdersSince: more orders than are looked through")

    def page(self, kind: Kind, after: str, since: datetime | None, now: datetime, consent_key: str) -> pages.Page:
        """A page of what changed of that kind since then, or of all; Refused also when the cursor is none.

        Of failed deliveries the newest come first, everything else oldest first.
        """
        if kind is Kind.DELIVERIES:
            webhook_ids = [found.id for found in self.webhooks() if found.is_ours]
            with self._asking(pages.OPERATIONS[kind]):
                return pages.read_failed(self._client, webhook_ids, after, since)
        if kind is Kind.PRODUCTS and not after and not self.installed_app().permissions & SEEING_ALL_PRODUCTS:
            raise PermissionMissing(f"{pages.OPERATIONS[kind]}: {pages.NEEDED[kind]}")
        with self._asking(pages.OPERATIONS[kind]):
            return pages.read(self._client, kind, after, since, now, consent_key)

    def channels(self) -> dict[str, str]:
        """The names of the shop's channels, by slug."""
        with self._asking("Channels"):
            return {one.slug: one.name for one in self._client.channels().channels or []}

    def texts_under(self, origin: Origin, key: str, first: int) -> list[str]:
        """What stands under a metadata key of the newest users, checkouts or orders that have it."""
        with self._asking("TextsUnderKey"):
            return pages.texts_under(self._client, origin, key, min(first, MOST_AT_ONCE))

    def project_customers(self, rows: Sequence[ProjectedCustomer]) -> dict[str, Projected]:
        """What became of each user's row; one request, at most 100 rows."""
        _at_most([row.user_id for row in rows])
        if not rows:
            return {}
        with self._asking("ProjectCustomers"):
            answer = self._client.project_customers(
                [projected.bulk_row(row) for row in rows], timeout=outbound.LONG_PATIENCE
            )
            done = answer.customer_bulk_update
            if done is None or len(done.results) != len(rows):
                raise ShopAway("ProjectCustomers: the answer does not fit the question")
            return {row.user_id: projected.outcome(result) for row, result in zip(rows, done.results, strict=True)}

    def prepare_phase_attribute(self) -> None:
        """Make the customer attribute for the phase, unless all is there; Refused by a Saleor that knows none."""
        if self._version < ATTRIBUTES_SINCE:
            raise Refused("PhaseAttribute: customer attributes came with Saleor 3.23")
        with self._asking("PhaseAttribute"):
            projected.prepare_attribute(self._client)

    def webhooks(self) -> list[FoundWebhook]:
        """The app's own webhooks."""
        with self._asking("OwnWebhooks"):
            query = documents.document("queries", "own_webhooks", self._version)
            app = self._client.get_data(self._client.execute(query, "OwnWebhooks", {}))["app"]
            if app is None:
                raise TokenDead("the shop does not know the token")
            listed = [{"identifier": None} | webhook for webhook in app["webhooks"] or []]
            return [own_webhooks.found(client.OwnWebhooksAppWebhooks.model_validate(webhook)) for webhook in listed]

    def change_webhook(self, change: Change) -> None:
        """Make, change or delete one of the app's own webhooks; Refused with Saleor's codes when it does not."""
        name = "CreateWebhook" if change.found is None else "UpdateWebhook" if change.wanted else "DeleteWebhook"
        answer: client.CreateWebhook | client.UpdateWebhook | client.DeleteWebhook
        with self._asking(name):
            if change.found is None:
                answer = self._client.create_webhook(
                    client.WebhookCreateInput(**own_webhooks.values(change), isActive=True)
                )
            elif change.wanted:
                answer = self._client.update_webhook(
                    change.found.id, client.WebhookUpdateInput(**own_webhooks.values(change))
                )
            else:
                answer = self._client.delete_webhook(change.found.id)
            (done,) = dict(answer).values()
            if done is None:
                raise ShopAway(f"{name}: a part of the answer is missing")
        if done.errors:
            codes = ", ".join(f"{error.field}: {error.code.value}" for error in done.errors)
            raise Refused(f"{change}: {codes}")

    def create_problem(self, key: str, message: str, is_critical: bool) -> None:
        """Let staff read in the Dashboard what is wrong; Refused by a Saleor that does not know of problems."""
        with self._asking("CreateProblem"):
            own_problems.create(self._client, key, message, is_critical)

    def dismiss_problem(self, key: str) -> None:
        """Take back what staff read under that key."""
        with self._asking("DismissProblem"):
            own_problems.dismiss(self._client, key)

    @contextmanager
    def _asking(self, operation: str) -> Iterator[None]:
        try:
            with translated(operation):
                yield
        except PermissionMissing:
            # Saleor says the same to an app without the permission and to a token that it does not know.
            self.installed_app()
            raise


def _at_most(ids: Sequence[str]) -> list[str]:
    unique = list(dict.fromkeys(ids))
    if len(unique) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} in one request")
    return unique

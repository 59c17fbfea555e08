"""What the app asks of a shop: the generated client in our own words, with one error for each remedy."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, NoReturn, Self

import httpx
from pydantic import ValidationError

from saleor_lifecycle.domain.facts import OrderFact
from saleor_lifecycle.saleor import client, outbound, snapshots
from saleor_lifecycle.saleor.carts import CartNow, carts_document, read_cart
from saleor_lifecycle.saleor.client import exceptions
from saleor_lifecycle.saleor.errors import Incomplete, PermissionMissing, Refused, ShopAway, TokenDead

MOST_AT_ONCE = 100  # Saleor's limit of aliases in one document, and of records in one page

# How Saleor names a document that it does not accept; any other name is a failure inside Saleor.
_OUR_MISTAKES = {"GraphQLError", "GraphQLSyntaxError", "QueryCostError", "ValidationError"}
_TOKEN_TROUBLES = {"InvalidSignatureError", "InvalidTokenError", "ExpiredSignatureError", "DecodeError"}


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """Who the shop says that the token belongs to, and which shop it is."""

    app_id: str
    identifier: str | None
    permissions: frozenset[str]
    shop_name: str
    saleor_version: str


@dataclass(frozen=True, slots=True)
class ProjectedCustomer:
    """What is to stand on a Saleor user's record; keys that are not named stay as they are."""

    user_id: str
    metadata: Mapping[str, str]
    private_metadata: Mapping[str, str]


class Shop:
    """A shop that may be asked, as the app that the token belongs to; to be used in a ``with`` block."""

    def __init__(self, api_url: str, token: str, allow_private: bool = False) -> None:
        self._http = outbound.client(allow_private, {"Authorization": f"Bearer {token}"})
        # The generated protocol wants by position what httpx takes by name; every call names it.
        self._client = client.SaleorClient(url=api_url, http_client=self._http)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def installed_app(self) -> InstalledApp:
        """The app that the token belongs to; TokenDead when Saleor takes it for nobody's."""
        try:
            with _translated("InstalledApp"):
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

    def carts_now(self, checkout_ids: Sequence[str]) -> dict[str, CartNow | None]:
        """Each checkout as it stands, None when it is gone, read in one request (at most 100).

        A checkout that the shop could not work out is missing from the answer: nothing is known about it now.
        """
        ids = _at_most(checkout_ids)
        if not ids:
            return {}
        with self._asking("CheckoutsNow"):
            response = self._client.execute(carts_document(len(ids)), "CheckoutsNow", _aliased(ids))
            data, unclear = _split_errors(self._client, response)
            if "app" in unclear or not isinstance(data, dict) or "app" not in data:
                raise ShopAway("CheckoutsNow: a part of the answer is missing")
            if data["app"] is None:
                # Checkouts are readable by anyone, so only this tells a dead token.
                raise TokenDead("the shop does not know the token")
            return {
                checkout_id: read_cart(data[alias])
                for alias, checkout_id in _aliased(ids).items()
                if alias in data and alias not in unclear
            }

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
        with self._asking("OrdersSince"):
            answer = self._client.orders_since(
                since, list(checkout_ids), list(user_ids), sorted({*emails, *map(str.lower, emails)})
            )
            pages = (answer.by_checkout, answer.by_user, answer.by_email)
            found: dict[str, OrderFact] = {}
            for page in pages:
                if page is None:
                    raise ShopAway("OrdersSince: a part of the answer is missing")
                if page.page_info.has_next_page:
                    raise Incomplete("OrdersSince: more orders than fit one page")
                for edge in page.edges:
                    digest = hashlib.sha256(edge.node.model_dump_json().encode()).hexdigest()
                    order = snapshots.order_fact(edge.node, now, digest)
                    if order is not None:
                        found[order.order_id] = order
        return list(found.values())

    def project_customers(self, rows: Sequence[ProjectedCustomer]) -> dict[str, str | None]:
        """For each user None when written, else Saleor's error code; one request, at most 100 rows."""
        _at_most([row.user_id for row in rows])
        if not rows:
            return {}
        with self._asking("ProjectCustomers"):
            answer = self._client.project_customers([_bulk_input(row) for row in rows])
            done = answer.customer_bulk_update
            if done is None or len(done.results) != len(rows):
                raise ShopAway("ProjectCustomers: the answer does not fit the question")
            return {row.user_id: _first_code(result) for row, result in zip(rows, done.results, strict=True)}

    @contextmanager
    def _asking(self, operation: str) -> Iterator[None]:
        try:
            with _translated(operation):
                yield
        except PermissionMissing:
            # Saleor says the same to an app without the permission and to a token that it does not know.
            self.installed_app()
            raise


@contextmanager
def _translated(operation: str) -> Iterator[None]:
    # The causes are cut off: they hold the request with its token, or values of the answer.
    try:
        yield
    except exceptions.GraphQLClientHttpError as trouble:
        _raise_for_status(operation, trouble.status_code)
    except exceptions.GraphQLClientGraphQLMultiError as trouble:
        _raise_for_codes(operation, {_code(error.extensions) for error in trouble.errors})
    except exceptions.GraphQLClientInvalidResponseError:
        raise ShopAway(f"{operation}: the answer is not GraphQL's") from None
    except (httpx.HTTPError, httpx.StreamError) as trouble:
        raise ShopAway(f"{operation}: {type(trouble).__name__}") from None
    except (ValidationError, KeyError, TypeError, ValueError) as trouble:
        raise ShopAway(f"{operation}: an answer against the schema ({type(trouble).__name__})") from None


def _raise_for_status(operation: str, status: int) -> NoReturn:
    if status in (401, 403):
        raise TokenDead(f"{operation}: HTTP {status}") from None
    if status in (400, 413):
        raise Refused(f"{operation}: HTTP {status}") from None
    raise ShopAway(f"{operation}: HTTP {status}") from None


def _raise_for_codes(operation: str, codes: set[str]) -> NoReturn:
    if codes & _TOKEN_TROUBLES:
        raise TokenDead(f"{operation}: {', '.join(sorted(codes))}") from None
    if "PermissionDenied" in codes:
        raise PermissionMissing(f"{operation}: PermissionDenied") from None
    if codes & _OUR_MISTAKES:
        raise Refused(f"{operation}: {', '.join(sorted(codes))}") from None
    raise ShopAway(f"{operation}: {', '.join(sorted(codes))}") from None


def _split_errors(asked: client.SaleorClient, response: Any) -> tuple[Any, set[str]]:
    """The data, and the aliases of which Saleor could not answer some part; other errors are raised."""
    try:
        return asked.get_data(response), set()
    except exceptions.GraphQLClientGraphQLMultiError as trouble:
        codes = {_code(error.extensions) for error in trouble.errors}
        paths = {str(error.path[0]) if error.path else "" for error in trouble.errors}
        for_all = codes & {"PermissionDenied", *_OUR_MISTAKES, *_TOKEN_TROUBLES}
        if trouble.data is None or "" in paths or for_all:
            raise
        return trouble.data, paths


def _code(extensions: object) -> str:
    exception = extensions.get("exception") if isinstance(extensions, dict) else None
    code = exception.get("code") if isinstance(exception, dict) else None
    return code if isinstance(code, str) else "unnamed"


def _first_code(result: client.ProjectCustomersCustomerBulkUpdateResults) -> str | None:
    if result.errors:
        return result.errors[0].code.value
    return None if result.customer else "NOT_FOUND"


def _bulk_input(row: ProjectedCustomer) -> client.CustomerBulkUpdateInput:
    return client.CustomerBulkUpdateInput(
        id=row.user_id,
        input=client.CustomerInput(metadata=_metadata(row.metadata), privateMetadata=_metadata(row.private_metadata)),
    )


def _metadata(values: Mapping[str, str]) -> list[client.MetadataInput]:
    return [client.MetadataInput(key=key, value=value) for key, value in sorted(values.items())]


def _aliased(ids: Sequence[str]) -> dict[str, Any]:
    return {f"c{number}": one for number, one in enumerate(ids)}


def _at_most(ids: Sequence[str]) -> list[str]:
    unique = list(dict.fromkeys(ids))
    if len(unique) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} in one request")
    return unique

"""A sandbox that runs, and an app made of a plain HTTP server that it can be installed in."""

import contextlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from saleor_lifecycle.sandbox import accounts, catalogue, checkouts, orders, vouchers
from saleor_lifecycle.sandbox.accounts import CustomerInput
from saleor_lifecycle.sandbox.actors import NOBODY, Actor
from saleor_lifecycle.sandbox.apps import install
from saleor_lifecycle.sandbox.catalogue import ORDERS_EMAIL, ORDERS_PASSWORD, STAFF_EMAIL, STAFF_PASSWORD
from saleor_lifecycle.sandbox.events import EVENTS
from saleor_lifecycle.sandbox.records import AccountToken, App, Checkout, Order, Variant, Voucher
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from saleor_lifecycle.sandbox.shop import Change, Shop
from saleor_lifecycle.sandbox.signing import load_signer

QUERY = """subscription { event { __typename issuedAt version recipient { id }
  issuingPrincipal { __typename ... on App { id } ... on User { id } }
  ... on CheckoutCreated { checkout { id email quantity user { id } } }
  ... on CheckoutUpdated { checkout { id email quantity } }
  ... on CustomerUpdated { user { id metadata { key value } updatedAt } }
  ... on CustomerDeleted { user { id email } }
  ... on AccountDeleted { user { id email } }
  ... on OrderCreated { order { id status } }
  ... on AppStatusChanged { app { id isActive } } } }"""


@dataclass
class ListeningApp:
    """An app whose answers a test sets: ``statuses`` are given out one by one, then ``status`` for ever."""

    url: str
    manifest: dict[str, Any]
    status: int = 200
    statuses: list[int] = field(default_factory=list)
    registration: tuple[int, dict[str, Any]] = (200, {"success": True})
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    page: str = ""

    @property
    def page_url(self) -> str:
        """Where the Dashboard frames the app: on another site than the sandbox."""
        return self.url.replace("127.0.0.1", "localhost") + "/page"

    def deliveries(self, event: str = "") -> list[tuple[dict[str, str], bytes]]:
        """Headers (by lower-case name) and body of the webhooks that came, in their order."""
        return [
            (headers, body)
            for path, headers, body in list(self.requests)
            if path == "/hook" and event.lower() in ("", headers["saleor-event"])
        ]

    def asked(self, path: str) -> list[tuple[dict[str, str], bytes]]:
        return [(headers, body) for asked, headers, body in list(self.requests) if asked == path]


def manifest(url: str) -> dict[str, Any]:
    return {
        "id": "test.listener",
        "name": "Listener",
        "version": "1.0.0",
        "permissions": ["MANAGE_USERS", "MANAGE_ORDERS", "MANAGE_CHECKOUTS"],
        "tokenTargetUrl": f"{url}/register",
        "webhooks": [{"name": "all", "targetUrl": f"{url}/hook", "query": QUERY, "asyncEvents": sorted(EVENTS)}],
    }


@pytest.fixture
def app() -> Iterator[ListeningApp]:
    listening: ListeningApp

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, listening.page if self.path.startswith("/page") else listening.manifest)

        def do_POST(self) -> None:
            if self.path == "/register":
                self._answer(*listening.registration)
            else:
                self._answer(listening.statuses.pop(0) if listening.statuses else listening.status, {})

        def _answer(self, status: int, answer: dict[str, Any] | str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            listening.requests.append((self.path, headers, body))
            content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            if isinstance(answer, str):
                self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            with contextlib.suppress(ConnectionError):  # a browser that asks for another address hangs up
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    listening = ListeningApp(url, manifest(url))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield listening
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """One client for all tests: making one reads every certificate authority."""
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key for all tests: making one takes longer than most of them."""
    file = tmp_path_factory.mktemp("key") / "signing-key.pem"
    load_signer(file)
    return file


@pytest.fixture
def options(tmp_path: Path, signing_key: Path) -> Options:
    shutil.copy(signing_key, tmp_path)
    return Options(data=tmp_path, retry_scale=0.001)


@pytest.fixture
def sandbox(options: Options) -> Iterator[Sandbox]:
    with running(options) as sandbox:
        yield sandbox


@pytest.fixture
def installed(sandbox: Sandbox, app: ListeningApp) -> App:
    record = install(sandbox.shop, f"{app.url}/manifest", check_query)
    eventually(lambda: app.deliveries("APP_INSTALLED"))
    return record


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(sandbox: Sandbox, http: httpx.Client) -> Ask:
    """The whole answer of the API to a query."""

    def ask(query: str, token: str | None = None, status: int = 200, **variables: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answer = http.post(sandbox.api_url, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    return ask


LOG_IN = "mutation ($e: String!, $p: String!) { tokenCreate(email: $e, password: $p) { token } }"


@pytest.fixture
def token_of(sandbox: Sandbox, ask: Ask) -> Callable[[str], str | None]:
    """An access token of one of these; "nobody" has none. The customers get their accounts first."""
    staff = {
        "the admin": (STAFF_EMAIL, STAFF_PASSWORD),
        "the order manager": (ORDERS_EMAIL, ORDERS_PASSWORD),
    }
    customers = {"a customer": ("ann@example.com", "secret"), "another customer": ("eve@example.com", "secret")}

    def token_of(who: str) -> str | None:
        if who == "nobody":
            return None
        email, password = (staff | customers)[who]
        if who in customers and accounts.register(sandbox.shop, NOBODY, email, password):
            token = sandbox.shop.all(AccountToken)[-1].id
            accounts.confirm(sandbox.shop, NOBODY, email, token)
        return str(ask(LOG_IN, e=email, p=password)["data"]["tokenCreate"]["token"])

    return token_of


@pytest.fixture
def staff(token_of: Callable[[str], str | None]) -> str:
    """An access token of the staff."""
    return str(token_of("the admin"))


@pytest.fixture
def variant(sandbox: Sandbox) -> str:
    return sandbox.shop.all(Variant)[0].id


def eventually(check: Callable[[], Any], within: float = 10) -> Any:
    """What the check answers once it is true; the test fails if that takes too long."""
    end = time.monotonic() + within
    while not (answer := check()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
    return answer


@pytest.fixture(name="eventually")
def _eventually() -> Callable[..., Any]:
    return eventually


@dataclass
class World:
    """A furnished shop with one customer and one app, and the events of every change."""

    shop: Shop
    changes: list[Change]

    @property
    def staff(self) -> Actor:
        return Actor(user=accounts.by_email(self.shop, catalogue.STAFF_EMAIL))

    @property
    def customer(self) -> Actor:
        return Actor(user=accounts.by_email(self.shop, "known@example.com"))

    @property
    def app(self) -> Actor:
        return Actor(app=self.shop.all(App)[0])

    @property
    def variants(self) -> list[str]:
        return [variant.id for variant in self.shop.all(Variant)]

    @property
    def customer_id(self) -> str:
        user = self.customer.user
        assert user
        return user.id

    def project(self) -> None:
        rows = [(self.customer_id, CustomerInput({}, {"phase": "sales"}))]
        accounts.bulk_update(self.shop, self.app, rows)

    def cart(self, **details: Any) -> Checkout:
        details = {"email": "guest@example.com"} | details
        return checkouts.create(self.shop, NOBODY, [(self.variants[0], 2)], **details)

    def order(self, paid: bool = False) -> Order:
        metadata = {checkouts.PAID_KEY: "true"} if paid else {}
        return checkouts.complete(self.shop, NOBODY, self.cart().id, metadata)

    def code(self, code: str = "ONE") -> Voucher:
        """A voucher of ten percent with that code."""
        voucher = vouchers.create(self.shop, self.staff, {"discount_value_type": "PERCENTAGE"}, [code])
        return vouchers.set_listing(self.shop, self.staff, voucher.id, Decimal(10), None)

    def fulfilled(self, quantity: int) -> tuple[Order, Any]:
        order = self.order(paid=True)
        return orders.fulfill(self.shop, self.staff, order.id, {order.lines[0].id: quantity})

    def events(self) -> list[str]:
        return [occurrence.event for change in self.changes for occurrence in change.occurrences]


@pytest.fixture
def world(tmp_path: Path) -> Any:
    shop = Shop(tmp_path / "shop.sqlite", "http://127.0.0.1:1")
    catalogue.furnish(shop)
    changes: list[Change] = []
    accounts.register(shop, NOBODY, "known@example.com", "secret")
    with shop.change(NOBODY) as change:
        change.put(
            App(
                id=change.next_id("App"),
                name="App",
                identifier="app",
                version="1",
                manifest_url="",
                token="t",
                permissions=("MANAGE_USERS", "MANAGE_ORDERS", "MANAGE_CHECKOUTS"),
                created=change.now,
            )
        )

    def note(change: Change) -> list[Any]:
        changes.append(change)
        return []

    shop.announce = note
    yield World(shop, changes)
    shop.close()

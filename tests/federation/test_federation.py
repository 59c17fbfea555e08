"""Our storefront schema beside Saleor's: composed with the real SDLs, and asked through a gateway that runs."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from graphql import print_schema
from pytest_django.live_server_helper import LiveServer

from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.api.storefront.schema import schema
from saleor_lifecycle.models import Consent, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.webhooks import fetch_jwks
from saleor_lifecycle.sandbox import accounts
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import AccountToken, User, Variant
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from tests.facts import account, cart, tell
from tests.saleor.sdl import SERVED, schema_of

FOLDER = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "NODE_ENV": "production"}

# As Saleor's own _service has them: Federation 1, put in behind each type's name.
KEYS = {
    "Address": ("id",),
    "App": ("id",),
    "Category": ("id",),
    "Collection": ("id channel",),
    "Group": ("id",),
    "Order": ("id",),
    "PageType": ("id",),
    "Product": ("id channel",),
    "ProductMedia": ("id",),
    "ProductType": ("id",),
    "ProductVariant": ("id channel",),
    "User": ("id", "email"),
}


@pytest.fixture(scope="session")
def packages() -> None:
    """Install the packages of package-lock.json, unless they are there."""
    installed, wanted = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        command = [PROGRAMS / "npm", "ci", "--no-progress"]
        subprocess.run(command, cwd=FOLDER, env=ENVIRONMENT, check=True)


def served(version: str) -> str:
    """Saleor's SDL of a version, with the keys of its entities."""
    text = print_schema(schema_of(version))
    for name, keys in KEYS.items():
        directives = " ".join(f'@key(fields: "{key}")' for key in keys)
        text, count = re.subn(
            rf"^type {name}( implements [^{{]*)? \{{$", rf"type {name}\1 {directives} {{", text, flags=re.M
        )
        assert count == 1, name
    return text


def compose(folder: Path, **subgraphs: str) -> subprocess.CompletedProcess[str]:
    files = {name: folder / f"{name}.graphql" for name in subgraphs}
    for name, file in files.items():
        file.write_text(subgraphs[name], encoding="utf-8")
    command = [PROGRAMS / "node", FOLDER / "compose.mjs", *(f"{name}={file}" for name, file in files.items())]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("version", SERVED)
def test_composes_with_saleors_own_schema(version: str, tmp_path: Path) -> None:
    composed = compose(tmp_path, saleor=served(version), lifecycle=schema.as_str())
    assert (composed.returncode, composed.stderr) == (0, "")
    user = composed.stdout.partition("\ntype User ")[2].partition("\n}")[0]
    assert '@join__type(graph: LIFECYCLE, key: "id")' in user
    assert "lifecycle: LifecycleMe @join__field(graph: LIFECYCLE)" in user
    assert "lifecycleOffers(" in composed.stdout


@pytest.mark.usefixtures("packages")
def test_a_root_field_with_a_name_of_saleors_would_not_compose(tmp_path: Path) -> None:
    clash = schema.as_str().replace("  lifecycleMe: ", "  me: User\n\n  lifecycleMe: ")
    composed = compose(tmp_path, saleor=served("3.23"), lifecycle=clash)
    assert composed.returncode == 1
    assert 'Non-shareable field "Query.me"' in composed.stderr


def test_what_is_not_prefixed_is_saleors() -> None:
    ours, theirs = schema._schema, schema_of("3.23")
    shared = {"Query", "Mutation", "User", "ProductVariant", "DateTime", "ID", "Int", "Float", "String", "Boolean"}
    assert {name for name in ours.type_map if not name.startswith(("Lifecycle", "_", "link__"))} == shared
    assert shared <= theirs.type_map.keys()
    assert ours.query_type
    assert ours.mutation_type
    fields = {*ours.query_type.fields, *ours.mutation_type.fields} - {"_entities", "_service"}
    assert all(name.startswith("lifecycle") for name in fields)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with running(Options(data=tmp_path / "sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def shop(sandbox: Sandbox, transactional_db: None) -> Installation:
    """The sandbox, as a shop that has installed the app and agreed to the projection."""
    jwks = fetch_jwks(sandbox.api_url, True)
    installation_id = register(Registration(sandbox.api_url, "QXBwOjE=", "token", jwks), timezone.now())
    with within(installation_id):
        Installation.objects.update(is_projecting=True)
        return Installation.objects.get()


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(packages: None, sandbox: Sandbox, shop: Installation, live_server: LiveServer, tmp_path: Path) -> Iterator[Ask]:
    """Ask a gateway over the sandbox and our own server."""
    ours = f"{live_server.url}/graphql/storefront/{shop.storefront_key}/"
    command = [PROGRAMS / "node", FOLDER / "gateway.mjs", f"saleor={sandbox.api_url}", f"lifecycle={ours}"]
    log = tmp_path / "gateway.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as gateway,
        httpx.Client(trust_env=False, timeout=60) as client,
    ):
        assert gateway.stdin
        assert gateway.stdout
        url = gateway.stdout.readline().strip()
        assert url, log.read_text()

        def ask(query: str, token: str | None = None) -> dict[str, Any]:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return dict(client.post(url, json={"query": query}, headers=headers).json())

        yield ask
        gateway.stdin.close()


def customer(sandbox: Sandbox, shop: Installation, email: str, *, quantity: int) -> tuple[User, str]:
    """Return a customer with a cart, and the token that the shop gave them."""
    accounts.register(sandbox.shop, NOBODY, email, "secret")
    user = accounts.confirm(sandbox.shop, NOBODY, email, sandbox.shop.all(AccountToken)[-1].id)
    now = timezone.now()
    lines = ((sandbox.shop.all(Variant)[0].id, quantity),)
    left = cart(now - timedelta(hours=1), f"cart of {email}", user.id, email, lines)
    tell(shop, [account(now - timedelta(hours=1), user.id, email), left], now)
    query = f'mutation {{ tokenCreate(email: "{email}", password: "secret") {{ token }} }}'
    answer = httpx.post(sandbox.api_url, json={"query": query}, trust_env=False).json()
    return user, answer["data"]["tokenCreate"]["token"]


BOTH = """
{
  me { id email lifecycle { phase } }
  lifecycleOffers(channel: "default-channel") {
    kind
    lines { quantity variant { id name product { name } } }
  }
}
"""
GIVE = 'mutation { lifecycleConsentGive(input: {text: "Yes"}) { effective errors { code } } }'


def test_one_query_through_a_gateway_is_answered_by_both(sandbox: Sandbox, shop: Installation, ask: Ask) -> None:
    ada, adas = customer(sandbox, shop, "ada@example.com", quantity=2)
    grace, graces = customer(sandbox, shop, "grace@example.com", quantity=3)
    variant = sandbox.shop.all(Variant)[0]
    for user, token, quantity in ((ada, adas, 2), (grace, graces, 3)):
        answer = ask(BOTH, token)
        assert "errors" not in answer
        assert answer["data"]["me"] == {"id": user.id, "email": user.email, "lifecycle": {"phase": "SALES"}}
        [offer] = answer["data"]["lifecycleOffers"]
        [line] = offer["lines"]
        assert (offer["kind"], line["quantity"], line["variant"]["id"]) == ("CART", quantity, variant.id)
        assert line["variant"]["name"] == variant.name
        assert line["variant"]["product"]["name"]

    assert ask(BOTH)["data"] == {"me": None, "lifecycleOffers": []}

    refused = ask(BOTH, f"{adas}x")
    assert refused["data"] is None
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["UNAUTHENTICATED"]

    assert ask(GIVE, adas)["data"] == {"lifecycleConsentGive": {"effective": "GRANTED", "errors": []}}
    with within(shop.pk):
        assert Consent.objects.get().identity.value == ada.id

"""Files of customers over HTTP: who may hand one in, and take out what was refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.actions.identities import resolve
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.actions.suppressions import MANUAL, Named, suppress_named
from saleor_lifecycle.domain.customer_files import FileMapping
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.models import CustomerFile, CustomerFileLine, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customer_files as task
from tests.tokens import dashboard_claims, jwks, key, signed

pytestmark = pytest.mark.django_db

PATH = "/files/customers"
SUPPRESSED = "/files/suppressions.csv"


@pytest.fixture
def shop() -> int:
    registration = Registration("https://shop.example.com/graphql/", "QXBwOjE=", "token", jwks())
    return register(registration, timezone.now() - timedelta(days=1))


def token(**changes: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {signed(dashboard_claims(timezone.now(), **changes), key())}"}


def hand_in(client: Client, body: bytes, headers: dict[str, str]) -> Any:
    return client.post(f"{PATH}?name=people.csv", body, content_type="text/csv", headers=headers)


def held() -> int:
    return CustomerFile.objects.count() + CustomerFileLine.objects.count()


def test_a_file_is_handed_in_and_what_was_refused_taken_out(client: Client, shop: int) -> None:
    answer = hand_in(client, b"Email\neva@example.com\n=nobody\n", token())
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    public_id = UUID(answer.json()["id"])
    with within(shop):
        file = files.find(public_id)
        assert file
        assert (file.name, file.columns, file.lines) == ("people.csv", ["Email"], 2)
        files.read_by(file, FileMapping(email=0), timezone.now())
    assert task.work(shop, 60)
    answer = client.get(f"{PATH}/{public_id}/refused.csv", headers=token())
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv"
    _, row = answer.getvalue().decode().splitlines()
    assert row.startswith("3,invalid_email,")
    assert row.endswith(",'=nobody")


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"Authorization": "Bearer x"}, 401), ("without the permission", 403)]
)
def test_without_a_token_and_its_permission_nothing_is_read(
    client: Client, shop: int, headers: dict[str, str] | str, status: int
) -> None:
    given = headers if isinstance(headers, dict) else token(permissions=["MANAGE_ORDERS"])
    assert hand_in(client, b"Email\neva@example.com\n", given).status_code == status
    assert client.get(f"{PATH}/{uuid4()}/refused.csv", headers=given).status_code == status
    with within(shop):
        assert held() == 0


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"x\n" * 40, 413)])
def test_what_cannot_be_taken_leaves_nothing(
    client: Client, shop: int, monkeypatch: pytest.MonkeyPatch, body: bytes, status: int
) -> None:
    monkeypatch.setattr(task, "LARGEST", 50)
    assert hand_in(client, body, token()).status_code == status
    with within(shop):
        assert held() == 0


def test_another_shops_file_is_none(client: Client, shop: int) -> None:
    other = register(Registration("https://other.example.com/graphql/", "QXBwOjE=", "t", jwks()), timezone.now())
    public_id = task.upload(other, "x.csv", [b"Email\neva@example.com\n"], timezone.now())
    assert client.get(f"{PATH}/{public_id}/refused.csv", headers=token()).status_code == 404


def test_suppressed_addresses_are_taken_out_and_no_spreadsheet_runs_them(client: Client, shop: int) -> None:
    now = timezone.now()
    with within(shop):
        installation = Installation.objects.get()
        resolve(shop, [Key(IdentityKind.EMAIL, "=cmd@example.com")], now)
        named = [Named(f"{name}@example.com", "", MANUAL, now) for name in ("=cmd", "gone")]
        suppress_named(installation, "email", named, now)
    answer = client.get(SUPPRESSED, headers=token())
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "text/csv", "no-store")
    header, *rows = answer.getvalue().decode().splitlines()
    assert header == "address,address_hash,reason,at"
    assert sorted(row.partition(",")[0] for row in rows) == ["", "'=cmd@example.com"]
    assert {row.split(",")[2] for row in rows} == {"manual"}
    other = client.get(f"{SUPPRESSED}?channel=sms", headers=token())
    assert other.getvalue().decode().splitlines() == [header]


def test_suppressed_addresses_are_for_whoever_may_see_customers(client: Client, shop: int) -> None:
    assert client.get(SUPPRESSED).status_code == 401
    assert client.get(SUPPRESSED, headers=token(permissions=["MANAGE_ORDERS"])).status_code == 403
    assert client.post(SUPPRESSED, headers=token()).status_code == 405


def test_the_database_away_is_told(client: Client, shop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> UUID:
        raise OperationalError

    monkeypatch.setattr("saleor_lifecycle.web.files.upload", away)
    assert hand_in(client, b"Email\n", token()).status_code == 503


def test_only_the_right_method_is_answered(client: Client, shop: int) -> None:
    assert client.get(PATH, headers=token()).status_code == 405
    assert client.post(f"{PATH}/{uuid4()}/refused.csv", headers=token()).status_code == 405

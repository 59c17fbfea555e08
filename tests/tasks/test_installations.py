"""Webhooks kept current, in a shop that answers as Saleor does."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from celery.schedules import crontab
from django.utils import timezone

from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.celery import app as celery
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import legacy, manifest
from saleor_lifecycle.saleor.versions import read_version
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import App, Webhook
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from saleor_lifecycle.sandbox.signing import load_signer
from saleor_lifecycle.tasks import nudge, problems
from saleor_lifecycle.tasks.installations import everyone, reconcile_all, run_reconcile
from tests.recordings import recorded_jwks
from tests.shop_server import ShopServer

pytestmark = pytest.mark.django_db

OLD = "subscription { event { __typename ... on OrderCreated { order { id } } } }"


@pytest.fixture(scope="module")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("key") / "signing-key.pem"
    load_signer(file)
    return file


@pytest.fixture
def sandbox(tmp_path: Path, signing_key: Path) -> Iterator[Sandbox]:
    shutil.copy(signing_key, tmp_path)
    with running(Options(data=tmp_path)) as running_sandbox:
        yield running_sandbox


@pytest.fixture(autouse=True)
def _shops_are_near(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True


def installed(sandbox: Sandbox, saleor: str = "3.23.28", permissions: tuple[str, ...] = manifest.PERMISSIONS) -> App:
    """The app in the shop, with the webhooks that a manifest for that version held."""
    with sandbox.shop.change(NOBODY) as change:
        app = App(
            id=change.next_id("App"),
            name="Lifecycle",
            identifier=manifest.APP_ID,
            version="0.1.0",
            manifest_url="https://app.example.com/api/manifest",
            token="a-token-of-the-shop",
            permissions=permissions,
            created=change.now,
        )
        change.put(app)
        for one in manifest.webhooks("https://app.example.com", read_version(saleor)):
            webhook = Webhook(
                id=change.next_id("Webhook"),
                app_id=app.id,
                name=one["name"],
                identifier=one["identifier"] if read_version(saleor) >= (3, 23, 23) else None,
                target_url=one["targetUrl"],
                query=one["query"],
                events=tuple(one["asyncEvents"]),
            )
            change.put(webhook)
    return app


def register_at(sandbox: Sandbox, app: App, token: str | None = None, now: datetime | None = None) -> int:
    registration = Registration(sandbox.api_url, app.id, token or app.token, recorded_jwks(), "3.21.0", "A shop")
    return register(registration, now or timezone.now())


def webhooks(sandbox: Sandbox) -> dict[str, Webhook]:
    return {webhook.name: webhook for webhook in sandbox.shop.all(Webhook)}


def change(sandbox: Sandbox, name: str, /, **fields: Any) -> None:
    with sandbox.shop.change(NOBODY) as one:
        one.put(replace(webhooks(sandbox)[name], **fields))


def remove(sandbox: Sandbox, name: str) -> None:
    with sandbox.shop.change(NOBODY) as one:
        one.remove(webhooks(sandbox)[name])


def test_what_a_manifest_made_is_current(sandbox: Sandbox) -> None:
    app = installed(sandbox)
    before = webhooks(sandbox)
    answer = run_reconcile(register_at(sandbox, app))
    assert (answer.done, answer.troubles) == ((), ())
    assert webhooks(sandbox) == before
    assert len(before) == 7


def test_what_an_upgrade_changed_is_carried_to_the_shop_once(sandbox: Sandbox) -> None:
    app = installed(sandbox)
    right = webhooks(sandbox)
    change(sandbox, "lifecycle orders", query=OLD, events=("ORDER_CREATED",), target_url="https://old.example/hooks")
    change(sandbox, "lifecycle app", name="lifecycle the app")
    remove(sandbox, "lifecycle checkouts")
    installation_id = register_at(sandbox, app)
    answer = run_reconcile(installation_id)
    assert answer.done == (
        "update lifecycle app (name)",
        "update lifecycle orders (target_url, events, query)",
        "create lifecycle checkouts",
    )
    after = webhooks(sandbox)
    assert {name: replace(one, id="", events=frozenset(one.events)) for name, one in after.items()} == {  # type: ignore[arg-type]
        name: replace(one, id="", events=frozenset(one.events))
        for name, one in right.items()  # type: ignore[arg-type]
    }
    assert after["lifecycle orders"].id == right["lifecycle orders"].id
    assert run_reconcile(installation_id).done == ()


def test_a_shop_that_was_upgraded_gets_what_it_can_have_now(sandbox: Sandbox) -> None:
    app = installed(sandbox, "3.22")
    with sandbox.shop.change(NOBODY) as one:
        some = webhooks(sandbox)["lifecycle deletions"]
        bare = replace(some, id=one.next_id("Webhook"), name="lifecycle customer deletions", query="",
                       events=("CUSTOMER_DELETED",), headers={"x-lifecycle-recipient": "sealed"})  # fmt: skip
        one.put(bare)
    run_reconcile(register_at(sandbox, app))
    after = webhooks(sandbox)
    assert len(after) == 7
    assert set(after["lifecycle deletions"].events) == {"CUSTOMER_DELETED", "ACCOUNT_DELETED"}
    assert "... on CustomerDeleted" in after["lifecycle deletions"].query
    assert all(one.identifier for one in after.values())


def test_a_dry_run_tells_the_same_and_changes_nothing(sandbox: Sandbox) -> None:
    app = installed(sandbox)
    change(sandbox, "lifecycle orders", query=OLD)
    remove(sandbox, "lifecycle checkouts")
    before = webhooks(sandbox)
    installation_id = register_at(sandbox, app)
    told = run_reconcile(installation_id, is_dry=True)
    assert webhooks(sandbox) == before
    with within(installation_id):
        assert Installation.objects.get().saleor_version == "3.21.0"
    assert run_reconcile(installation_id).done == told.done == (
        "update lifecycle orders (query)", "create lifecycle checkouts",
    )  # fmt: skip


def test_what_staff_switched_off_stays_off_and_is_told(sandbox: Sandbox) -> None:
    app = installed(sandbox)
    change(sandbox, "lifecycle orders", query=OLD, is_active=False)
    answer = run_reconcile(register_at(sandbox, app))
    assert answer.done == ("update lifecycle orders (query)",)
    assert [line.partition(":")[0] for line in answer.left] == ["lifecycle orders is switched off in the shop"]
    assert answer.troubles == ()
    assert not webhooks(sandbox)["lifecycle orders"].is_active


def test_a_refused_change_keeps_no_other_back(sandbox: Sandbox, settings: Any) -> None:
    app = installed(sandbox)
    installation_id = register_at(sandbox, app)
    remove(sandbox, "lifecycle checkouts")
    with sandbox.shop.change(NOBODY) as one:
        stranger = replace(webhooks(sandbox)["lifecycle app"], id=one.next_id("Webhook"), name="lifecycle gone",
                           identifier="lifecycle.gone", events=("PRODUCT_CREATED",))  # fmt: skip
        one.put(stranger)
    settings.PUBLIC_URL = "https://" + "x" * 260
    answer = run_reconcile(installation_id)
    assert answer.done == ("delete lifecycle gone",)
    assert len(answer.troubles) == 7
    assert all("targetUrl: INVALID" in line for line in answer.troubles)


def test_a_webhook_stays_until_what_takes_its_place_is_there(sandbox: Sandbox, settings: Any) -> None:
    app = installed(sandbox, "3.22")
    installation_id = register_at(sandbox, app)
    with sandbox.shop.change(NOBODY) as one:
        some = webhooks(sandbox)["lifecycle deletions"]
        one.put(replace(some, id=one.next_id("Webhook"), name=legacy.NAME, query="", events=(legacy.EVENT,)))
    settings.PUBLIC_URL = "https://" + "x" * 260
    answer = run_reconcile(installation_id)
    assert answer.done == ()
    assert answer.troubles[-1] == f"delete {legacy.NAME}: waits, what takes its place could not be made"
    assert legacy.NAME in webhooks(sandbox)
    settings.PUBLIC_URL = "https://app.example.com"
    assert f"delete {legacy.NAME}" in run_reconcile(installation_id).done


def test_the_shop_is_known_anew(sandbox: Sandbox) -> None:
    app = installed(sandbox, permissions=("MANAGE_USERS",))
    installation_id = register_at(sandbox, app)
    with within(installation_id):
        Installation.objects.update(state=Installation.State.INACTIVE)
    answer = run_reconcile(installation_id)
    assert answer.troubles[0].startswith("staff have to grant MANAGE_CHECKOUTS, MANAGE_DISCOUNTS, MANAGE_ORDERS")
    with within(installation_id):
        found = Installation.objects.get()
        assert (found.saleor_version, found.permissions, found.state) == ("3.23.28", ["MANAGE_USERS"], "active")


def test_a_permission_that_is_missing_is_told_to_staff_until_they_grant_it(sandbox: Sandbox) -> None:
    app = installed(sandbox, permissions=("MANAGE_USERS",))
    installation_id = register_at(sandbox, app)

    def told() -> list[str]:
        run_reconcile(installation_id)
        problems.run(installation_id, timezone.now())
        held = sandbox.shop.get(App, app.id)
        assert held is not None
        return list(held.problems)

    assert told() == ["lifecycle.permissions"]
    with sandbox.shop.change(NOBODY) as one:
        one.put(replace(sandbox.shop.get(App, app.id) or app, permissions=manifest.PERMISSIONS))
    assert told() == []


def test_a_token_that_died_changes_nothing(sandbox: Sandbox) -> None:
    app = installed(sandbox)
    remove(sandbox, "lifecycle checkouts")
    before = webhooks(sandbox)
    installation_id = register_at(sandbox, app, token="of-an-earlier-installation")
    answer = run_reconcile(installation_id)
    assert answer.troubles == ("TokenDead: the shop does not know the token",)
    assert webhooks(sandbox) == before
    with within(installation_id):
        found = Installation.objects.get()
        assert (found.saleor_version, found.state) == ("3.21.0", "active")


def test_one_shops_trouble_is_not_the_next_ones(
    sandbox: Sandbox, shop_server: ShopServer, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    away = register(Registration(shop_server.api_url, "QXBwOjE=", "token", recorded_jwks()), timezone.now())
    shop_server.trouble = 503
    lost = register(Registration("https://lost.example.com/graphql/", "QXBwOjE=", "t", recorded_jwks()), timezone.now())
    with within(lost):
        Installation.objects.update(token=b"sealed with a key that is gone")
    app = installed(sandbox)
    remove(sandbox, "lifecycle checkouts")
    register_at(sandbox, app)
    caplog.set_level(logging.INFO)
    reconcile_all()
    assert "lifecycle checkouts" in webhooks(sandbox)
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert told == [
        f"webhooks of installation {away}: ShopAway: InstalledApp: HTTP 503",
        f"webhooks of installation {lost}: the shop's token cannot be read: its key is missing from TOKEN_KEYS",
    ]
    assert app.token not in caplog.text


def test_removed_shops_are_left_alone(installation: Installation, other_installation: Installation) -> None:
    with within(installation.pk):
        Installation.objects.update(state=Installation.State.REMOVED, token=b"")
    assert everyone() == {other_installation.pk: "https://other.example.com/graphql/"}


def test_it_is_done_daily_at_an_hour_and_when_a_shop_registers() -> None:
    (entry,) = [one for one in celery.conf.beat_schedule.values() if one["task"].endswith("reconcile_all")]
    assert entry["task"] == reconcile_all.name
    assert isinstance(entry["schedule"], crontab)
    assert nudge.RECONCILE in celery.tasks
    queues = {task: celery.amqp.router.route({}, task)["queue"].name for task in (nudge.RECONCILE, reconcile_all.name)}
    assert queues == {nudge.RECONCILE: "deliver", reconcile_all.name: "bulk"}

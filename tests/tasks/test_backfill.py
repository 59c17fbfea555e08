"""The import of a shop's past, from a sandbox that answers as Saleor does, three rows a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions import events
from saleor_lifecycle.actions.identities import CustomersMoved
from saleor_lifecycle.celery import app as celery
from saleor_lifecycle.domain.backfill import Kind, State
from saleor_lifecycle.models import (
    Account,
    Backfill,
    Cart,
    Consent,
    Customer,
    Enrollment,
    Installation,
    Message,
    Order,
    Product,
    Variant,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import client, manifest, pages
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.sandbox.records import App, global_id
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from saleor_lifecycle.tasks import backfill as tasks
from saleor_lifecycle.tasks import flows, nudge, reading
from saleor_lifecycle.tasks.backfill import work
from saleor_lifecycle.tasks.sweep import due
from tests.facts import account, order, tell
from tests.shop_server import ShopServer, install_at
from tests.tasks.importing import Clock, empty, furnish, installed_in, left_behind, parts, put, run
from tests.tasks.importing import order as placed

pytestmark = pytest.mark.django_db
DONE = {"customers": 5, "orders": 7, "checkouts": 4, "products": 24, "deliveries": 0}
PAGES = 2 + 3 + 2 + 8 + 1


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(Options(data=tmp_path_factory.mktemp("sandbox"))) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox, now: datetime) -> Sandbox:
    """A sandbox with a past and without apps."""
    empty(served)
    furnish(served, now)
    return served


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(pages, "SIZE", 3)


@pytest.fixture
def shop(sandbox: Sandbox, now: datetime) -> Installation:
    return installed_in(sandbox, now)


def phases(installation: Installation) -> dict[str, str]:
    return {name.split()[-1]: person[1] for person in left_behind(installation)["people"] for name in person[0]}


def test_takes_in_accounts_guests_orders_and_open_carts(shop: Installation, now: datetime) -> None:
    assert not run(shop, Clock(now))
    assert {kind: (row.done, row.total, row.skipped, row.error) for kind, row in parts(shop).items()} == {
        "customers": (5, 5, 0, ""),
        "orders": (7, 7, 0, ""),
        "checkouts": (4, 4, 0, ""),
        "products": (24, 24, 0, ""),
        "deliveries": (0, None, 0, ""),
    }
    with within(shop.pk):
        assert (Account.objects.count(), Order.objects.count(), Cart.objects.count()) == (5, 7, 4)
        assert {str(order.lines) for order in Order.objects.all()} == {"[['variant', 2]]"}
        mug = Product.objects.get(slug="stoneware-mug")
        assert (mug.name, mug.category, mug.collections, mug.removed_at) == (
            "Stoneware mug",
            "home/kitchen/table",
            ["gifts"],
            None,
        )
        assert Variant.objects.filter(product=mug).count() == 2
        assert Consent.objects.get().is_granted
    assert phases(shop) == {
        "person1@example.com": "retention",
        global_id("User", 1001): "retention",
        "person2@example.com": "loss",
        global_id("User", 1002): "loss",
        global_id("User", 1003): "education",
        "guest@example.com": "retention",
        "person4@example.com": "retention",
        global_id("User", 1004): "retention",
        "person5@example.com": "sales",
        global_id("User", 1005): "sales",
        "unpaid@example.com": "education",
        "void@example.com": "education",
        "young@example.com": "sales",
        "old@example.com": "education",
    }


def test_every_move_has_the_cause_import(shop: Installation, now: datetime) -> None:
    run(shop, Clock(now))
    assert {cause for *_, cause in left_behind(shop)["changes"]} == {"import"}


def test_starts_no_flow_and_watches_no_cart(shop: Installation, now: datetime) -> None:
    run(shop, Clock(now))
    flows.run(shop.pk, now + timedelta(days=1))
    with within(shop.pk):
        assert Cart.objects.filter(email="young@example.com").exists()
        assert not Cart.objects.filter(idle_at__isnull=False).exists()
        assert not Enrollment.objects.exists()
        assert not Message.objects.exists()


def test_goes_on_watching_a_cart_that_a_webhook_told_of(shop: Installation, now: datetime) -> None:
    run(shop, Clock(now))
    with within(shop.pk):
        young = Cart.objects.get(email="young@example.com")
        assert young.changed_at
        Cart.objects.filter(pk=young.pk).update(idle_at=young.changed_at + timedelta(minutes=30))
        backfills.start(shop.pk, now, is_anew=True)
    run(shop, Clock(now))
    with within(shop.pk):
        assert [cart.pk for cart in Cart.objects.filter(idle_at__isnull=False)] == [young.pk]


@pytest.mark.parametrize("anew", [False, True], ids=["on demand", "restarted"])
def test_twice_is_the_same_as_once(shop: Installation, now: datetime, anew: bool) -> None:
    run(shop, Clock(now))
    once = left_behind(shop)
    with within(shop.pk):
        backfills.start(shop.pk, now, anew)
    assert parts(shop)["customers"].done == 0
    run(shop, Clock(now))
    assert left_behind(shop) == once
    assert {row.done == row.total for kind, row in parts(shop).items() if kind != "deliveries"} == {True}


def killed_at(number: int, act: Callable[..., Any], before: bool) -> Callable[..., Any]:
    """The function, but the worker dies just before or after its numberth call."""
    calls = iter(range(1, 1000))

    def dying(*given: Any, **named: Any) -> Any:
        is_it = next(calls) == number
        if is_it and before:
            raise Killed
        answer = act(*given, **named)
        if is_it:
            raise Killed
        return answer

    return dying


def end(shop: Installation) -> dict[str, Any]:
    """What was left behind. Which moves led there depends on whether an order or its account came first."""
    return {key: value for key, value in left_behind(shop).items() if key != "changes"}


PLACES: dict[str, tuple[Any, str, bool]] = {
    "before a page is read": (Shop, "page", True),
    "after it was read": (Shop, "page", False),
    "before its rows are written": (events, "apply", True),
    "after they were, before it is noted": (backfills, "turn_page", True),
    "after it was noted, before it is committed": (backfills, "turn_page", False),
}


@pytest.mark.parametrize(("together", "numbers"), [(1, (1, 2, 5, 10)), (reading.TOGETHER, (1, 2))])
@pytest.mark.parametrize("place", PLACES)
def test_killed_anywhere_it_ends_the_same(
    shop: Installation,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    together: int,
    numbers: tuple[int, ...],
) -> None:
    monkeypatch.setattr(reading, "TOGETHER", together)
    with undone():
        run(shop, Clock(now))
        never_killed = end(shop)
    owner, name, before = PLACES[place]
    for number in numbers:  # test_kills_of_the_import dies a hundred times
        clock = Clock(now)
        with undone():
            with monkeypatch.context() as patch:
                patch.setattr(owner, name, killed_at(number, getattr(owner, name), before))
                with pytest.raises(Killed):
                    run(shop, clock)
            assert not all(row.finished_at for row in parts(shop).values())
            assert (nudge.BACKFILL, shop.pk) not in due(clock.now)
            clock.now += backfills.LEASE
            assert (nudge.BACKFILL, shop.pk) in due(clock.now)
            assert not run(shop, clock)
            assert {kind: row.done for kind, row in parts(shop).items()} == DONE
            assert (number, end(shop)) == (number, never_killed)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_leaves_alone_what_another_has_leased(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        assert len(backfills.claim(shop.pk, now)) == len(Kind)
    assert not run(shop, Clock(now))
    assert parts(shop)["customers"].done == 0


def meanwhile(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> None:
    """Have something happen between the reading of the numberth page and its storing."""
    take_in, calls = tasks._take_in, iter(range(1, 100))

    def late(*given: Any) -> Any:
        if next(calls) == number:
            act()
        return take_in(*given)

    monkeypatch.setattr(tasks, "_take_in", late)


@pytest.mark.parametrize("number", [1, 2])
def test_who_was_overtaken_writes_nothing(
    shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    clock = Clock(now)
    meanwhile(monkeypatch, number, lambda: run(shop, Clock(clock.now + backfills.LEASE)))
    assert not run(shop, clock)
    assert {kind: row.done for kind, row in parts(shop).items()} == DONE


def test_a_restart_ends_the_lease_of_whoever_was_at_it(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        held, *_ = backfills.claim(shop.pk, now)
        backfills.start(shop.pk, now, is_anew=True)
    with pytest.raises(backfills.Overtaken), within(shop.pk):
        backfills.turn_page(held, None, (5, 0, 5), now, now)
    assert parts(shop)["customers"].done == 0


def test_a_live_webhook_that_is_newer_is_not_overwritten(shop: Installation, now: datetime) -> None:
    ada, cart_id = global_id("User", 1001), global_id("Order", "00000000-0000-4000-8000-000000000006")
    newer = [
        account(now, ada, "person1@example.com", consent=False, first_name="Augusta"),
        order(now, cart_id, None, "unpaid@example.com", paid=True),
    ]
    tell(shop, newer, now)
    run(shop, Clock(now))
    with within(shop.pk):
        assert Account.objects.get(user_id=ada).first_name == "Augusta"
        assert not Consent.objects.get().is_granted
        assert Order.objects.get(order_id=cart_id).charge_status == "FULL"
    assert phases(shop)["unpaid@example.com"] == "retention"


def test_webhooks_before_meanwhile_or_after_lead_to_the_same(
    shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [
        account(now - timedelta(minutes=1), global_id("User", 1002), "person2@example.com", joined=now),
        order(now, "T3JkZXI6bmV3", global_id("User", 1002), "person2@example.com"),
    ]
    monkeypatch.setattr(reading, "TOGETHER", 1)  # so that there are so many
    ends = []
    for number in (1, 2, 4, 99):
        with undone(), monkeypatch.context() as patch:
            meanwhile(patch, number, lambda: tell(shop, facts, now))
            run(shop, Clock(now))
            if number == 99:
                tell(shop, facts, now)
            ends.append(end(shop))
    assert all(one == ends[0] for one in ends)
    assert len(ends[0]["orders"]) == 8


def test_another_shop_sees_nothing_of_it(shop: Installation, other_installation: Installation, now: datetime) -> None:
    run(shop, Clock(now))
    with within(other_installation.pk):
        assert not Customer.objects.exists()
        assert not Backfill.objects.exists()
    assert [number for task, number in due(now) if task == nudge.BACKFILL] == []


def test_staff_who_ordered_are_no_customers(shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = pages._ask

    def with_staff(*given: Any) -> Any:
        answer = ask(*given)
        if isinstance(answer, client.CustomersPagePage):
            answer.edges[0].node.is_staff = True
        return answer

    monkeypatch.setattr(pages, "_ask", with_staff)
    run(shop, Clock(now))
    with within(shop.pk):
        assert Account.objects.count() == 3
    assert (parts(shop)["customers"].done, parts(shop)["customers"].skipped) == (5, 0)


def test_reads_no_faster_than_the_merchant_allows(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        backfills.set_rate(shop, 0.1)
    clock = Clock(now)
    run(shop, clock)
    assert len(clock.pauses) == PAGES - 1
    assert all(9 < pause <= 10 for pause in clock.pauses)


@pytest.mark.parametrize("rate", [0.09, 50.1, float("nan")])
def test_a_rate_that_makes_no_sense_is_refused(shop: Installation, rate: float) -> None:
    with within(shop.pk), pytest.raises(ValueError, match="pages a second"):
        backfills.set_rate(shop, rate)
    with within(shop.pk):
        assert Installation.objects.get(pk=shop.pk).import_pages_per_second == 2.0


@pytest.mark.parametrize(
    ("missing", "kinds"),
    [
        ("MANAGE_ORDERS", {"orders"}),  # with MANAGE_DISCOUNTS products are shown
        ("MANAGE_CHECKOUTS", {"checkouts"}),
        ("MANAGE_USERS", {"checkouts"}),  # with MANAGE_ORDERS customers are shown; a checkout's user is not
    ],
)
def test_a_missing_permission_is_named_and_waited_for_and_holds_up_nothing_else(
    sandbox: Sandbox, now: datetime, missing: str, kinds: set[str]
) -> None:
    held = tuple(name for name in manifest.PERMISSIONS if name != missing)
    shop = installed_in(sandbox, now, held)
    assert not run(shop, Clock(now))
    found = parts(shop)
    assert {found[kind].error for kind in kinds} == {f"PermissionMissing: staff have to grant {missing}"}
    assert {kind for kind, row in found.items() if row.progress().state is State.TROUBLED} == kinds
    assert {kind for kind, row in found.items() if row.progress().state is State.FINISHED} == set(Kind) - kinds
    assert (nudge.BACKFILL, shop.pk) not in due(now + timedelta(minutes=58))
    app = sandbox.shop.all(App)[-1]
    put(sandbox, replace(app, permissions=manifest.PERMISSIONS))
    run(shop, Clock(now + timedelta(hours=2)))
    assert {row.progress().state for row in parts(shop).values()} == {State.FINISHED}


def test_a_token_that_is_dead_is_told(shop: Installation, sandbox: Sandbox, now: datetime) -> None:
    put(sandbox, replace(sandbox.shop.all(App)[-1], is_active=False))
    run(shop, Clock(now))
    assert parts(shop)["customers"].error == "TokenDead: the shop does not know the token"


@pytest.mark.parametrize("state", [Installation.State.INACTIVE, Installation.State.REMOVED])
def test_a_shop_that_the_app_is_not_at_work_in_is_not_asked(
    now: datetime, shop_server: ShopServer, state: Installation.State
) -> None:
    shop = install_at(shop_server, now)
    with within(shop.pk):
        backfills.begin(shop.pk, now)
        Installation.objects.update(state=state)
    run(shop, Clock(now))
    assert shop_server.asked == []
    assert parts(shop)["customers"].error == f"the app is {state.value} in the shop"


@pytest.mark.parametrize("trouble", [429, 503, 0])
def test_a_shop_that_is_away_is_asked_again_later_and_later(
    now: datetime, shop_server: ShopServer, trouble: int
) -> None:
    shop = install_at(shop_server, now)
    with within(shop.pk):
        backfills.begin(shop.pk, now)
    shop_server.trouble = trouble
    clock, waits = Clock(now), []
    for _ in range(6):
        assert not run(shop, clock)
        row = parts(shop)["customers"]
        assert row.error.startswith("ShopAway: CustomersPage")
        assert row.due_at is not None
        waits.append(round((row.due_at - clock.now).total_seconds() / 10) * 10)
        clock.now += timedelta(seconds=waits[-1] + 5)
    assert waits == [10, 60, 300, 1800, 3600, 3600]
    assert shop_server.asked.count("CustomersPage") == 6


@pytest.mark.parametrize(
    ("said", "wait"), [("7", 10), ("90", 90), ("999999", 86400), ("Wed, 11 Mar 2026 13:00:00 GMT", 10), ("-5", 10)]
)
def test_a_shop_that_says_how_long_is_left_alone_so_long(
    now: datetime, shop_server: ShopServer, said: str, wait: int
) -> None:
    shop = install_at(shop_server, now)
    with within(shop.pk):
        backfills.begin(shop.pk, now)
    shop_server.trouble, shop_server.headers = 429, {"Retry-After": said}
    run(shop, Clock(now))
    row = parts(shop)["customers"]
    assert row.due_at is not None
    assert timedelta(seconds=wait) <= row.due_at - now <= timedelta(seconds=wait + 3)


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (None, "ShopAway: CustomersPage: a part of the answer is missing"),
        (
            {"totalCount": 1, "pageInfo": {"hasNextPage": True, "endCursor": None}, "edges": []},
            "ShopAway: CustomersPage: there is more, and the answer does not say where",
        ),
    ],
    ids=["no page", "no next cursor"],
)
def test_half_an_answer_is_not_taken_for_the_end(
    now: datetime, shop_server: ShopServer, monkeypatch: pytest.MonkeyPatch, page: Any, error: str
) -> None:
    shop = install_at(shop_server, now)
    monkeypatch.setattr(shop_server, "answer", lambda *asked: {"page": page})
    with within(shop.pk):
        backfills.begin(shop.pk, now)
    assert not run(shop, Clock(now))
    row = parts(shop)["customers"]
    assert (row.error, row.done, row.finished_at) == (error, 0, None)


def test_a_cursor_that_has_expired_begins_the_kind_anew(shop: Installation, now: datetime) -> None:
    clock = Clock(now)
    with pytest.raises(Killed):
        run(shop, clock, told=killed_at(1, lambda: None, before=True))
    with within(shop.pk):
        assert Backfill.objects.filter(kind="orders").update(cursor="nonsense") == 1
    clock.now += backfills.LEASE
    assert not run(shop, clock)
    row = parts(shop)["orders"]
    assert (row.cursor, row.done, row.total) == ("", 0, None)
    assert row.error.startswith("Refused: OrdersPage: GraphQLError; the cursor may have expired")
    clock.now += timedelta(minutes=1)
    assert not run(shop, clock)
    assert {kind: row.done for kind, row in parts(shop).items()} == DONE
    assert parts(shop)["orders"].error == ""


def test_a_row_that_cannot_be_stored_is_left_out_and_counted(
    shop: Installation, sandbox: Sandbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = events.apply

    def failing(installation: Installation, facts: Any, *rest: Any) -> None:
        if any(getattr(fact, "number", "") == "4" for fact in facts):
            raise LookupError("guest@example.com")
        apply(installation, facts, *rest)

    put(sandbox, placed(8, now, "rich@example.com", charged=Decimal(10) ** 15))
    monkeypatch.setattr(events, "apply", failing)
    run(shop, Clock(now))
    row = parts(shop)["orders"]
    assert (row.done, row.skipped, row.error) == (8, 2, "")
    with within(shop.pk):
        assert {order.number for order in Order.objects.all()} == {"1", "2", "3", "5", "6", "7"}


def test_a_page_that_met_another_worker_is_stored_again(
    shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply, calls = events.apply, iter(range(100))

    def meeting(*given: Any) -> None:
        apply(*given)
        if next(calls) == 0:
            raise CustomersMoved

    monkeypatch.setattr(events, "apply", meeting)
    run(shop, Clock(now))
    assert {kind: (row.done, row.skipped) for kind, row in parts(shop).items()} == {
        kind: (done, 0) for kind, done in DONE.items()
    }


def test_is_not_begun_by_a_second_registration(shop: Installation, now: datetime) -> None:
    run(shop, Clock(now))
    with within(shop.pk):
        backfills.begin(shop.pk, now)
    assert {row.finished_at is not None for row in parts(shop).values()} == {True}


def test_a_fit_is_asked_for_when_customers_and_orders_are_there(shop: Installation, now: datetime) -> None:
    clock = Clock(now)
    asked = []
    while work(shop.pk, 0, pause=clock.pause, clock=clock):
        asked.append((nudge.REFIT, shop.pk) in due(clock.now))
        assert asked[-1] == all(parts(shop)[kind].finished_at for kind in ("customers", "orders"))
    assert asked[0] is False
    assert (nudge.REFIT, shop.pk) in due(clock.now)


def test_a_stretch_that_is_over_leaves_the_rest_due(shop: Installation, now: datetime) -> None:
    clock = Clock(now)
    assert work(shop.pk, 0, pause=clock.pause, clock=clock)
    assert {kind: row.done for kind, row in parts(shop).items()} == DONE | {
        "customers": 3,
        "orders": 3,
        "checkouts": 3,
        "products": 3,
    }
    assert (nudge.BACKFILL, shop.pk) in due(clock.now)


def test_waits_in_the_queue_for_long_work() -> None:
    assert celery.amqp.router.route({}, nudge.BACKFILL)["queue"].name == "bulk"
    assert nudge.BACKFILL in celery.tasks


def test_has_a_row_for_each_kind_in_order(shop: Installation) -> None:
    with within(shop.pk):
        assert [one.kind for one in backfills.progress(shop.pk)] == list(Kind)

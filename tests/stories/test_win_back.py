"""Win-back: by each customer's own loss date three messages, the smallest code last, then they are left alone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.actions import (
    consent,
    flow_drafts,
    incentives,
    named_flows,
    recommendation_counts,
    recommendations,
)
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.actions.incentives import Wanted
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.domain.facts import OrderFact, ProductFact
from saleor_lifecycle.domain.incentives import Incentive
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import (
    Customer,
    Decision,
    Enrollment,
    Flow,
    Identity,
    Installation,
    Message,
    PersonalCode,
    Tag,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import incentives as code_making
from saleor_lifecycle.tasks import recommendations as learning
from tests.facts import cart, order
from tests.shop_server import ShopServer, install_at, product_node, shop_server, voucher_node
from tests.stories.days import DAY, HOUR, Days, passing, person, send
from tests.visits import visit

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

FLOW = "win-back"
ADA, USER = "ada.1@example.com", "VXNlcjox"
MUG, VOUCHER, CODE = "UHJvZHVjdDox", "Vm91Y2hlcjox", "OLMO-7K2M"
TOUCHES = ["win-back-1", "win-back-2", "win-back-3"]
LONG_AGO = 30 * DAY


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    """A shop that has favourites to show and a code for whoever is to get one."""
    shop_server.products = {MUG: product_node(MUG, "Mug", 10.0)}
    shop_server.vouchers = {VOUCHER: voucher_node(VOUCHER)}
    monkeypatch.setattr(recommendations, "choose", favourites)
    monkeypatch.setattr(incentives, "take", codes)
    return passing(install_at(shop_server, now), now, monkeypatch)


def favourites(
    installation: Installation, customer_ids: Collection[int], kind: str, now: datetime
) -> dict[int, Mapping[str, Any]]:
    assert kind == "favourites"
    return {one: {"products": [MUG], "extra": True} for one in customer_ids}


def codes(installation: Installation, wanted: Sequence[Wanted], now: datetime) -> dict[int, Mapping[str, Any]]:
    assert {one.incentive for one in wanted} <= {Incentive(10, 7 * DAY)}
    return {one.enrollment_id: {"id": VOUCHER, "code": CODE} for one in wanted}


def switch_on(days: Days, holdout: float = 0.0, **settings: Any) -> None:
    with within(days.shop.pk):
        flow = flow_drafts.locked(days.shop.pk, FLOW)
        named_flows.change(flow, {}, {"holdout": holdout, **settings}, "", days.at)
    days.switch(State.ON, FLOW)


def buys(days: Days, number: int = 1, **changes: Any) -> OrderFact:
    return replace(
        order(days.at, f"T3JkZXI6{number}", f"VXNlcjo{number}" if number > 1 else USER, f"ada.{number}@example.com"),
        **changes,
    )


def changed(days: Days, bought: OrderFact, **changes: Any) -> OrderFact:
    """Return the order as it stands now."""
    return replace(bought, version=order(days.at, bought.order_id).version, **changes)


def joins(days: Days, number: int = 1, language: str = "en", consent: bool | None = True) -> None:
    user = USER if number == 1 else f"VXNlcjo{number}"
    days.tell(replace(person(number, days.at, consent), user_id=user, language=language))


def lost_at(days: Days) -> datetime:
    with within(days.shop.pk):
        at = Customer.objects.get(merged_into=None, identities__value=USER).loss_at
    assert at is not None
    return at


def keeps_words(days: Days) -> list[Outgoing]:
    """Keep what leaves, words and all."""
    kept: list[Outgoing] = []
    before = days.sink.send

    def noting(messages: Sequence[Outgoing]) -> list[Any]:
        kept.extend(messages)
        return before(messages)

    days.sink.send = noting  # type: ignore[method-assign]  # this sink alone
    return kept


@pytest.mark.parametrize("days_before", [0, 5])
def test_three_messages_come_by_the_loss_date_and_then_sunset(days_before: int, days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days, days_before=days_before)
    begins = lost_at(days) - days_before * DAY
    days.go(begins - days.at - HOUR)
    assert days.mails == []
    days.go(112 * DAY)
    assert days.mails == [(begins + after * DAY, ADA, step) for after, step in zip((0, 7, 21), TOUCHES, strict=True)]
    assert days.states() == [("finished", "all steps done")]
    with within(days.shop.pk):
        assert Tag.objects.get().name == "sunset"


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        ("en", ["It has been a while. How are you?", "May we ask why?", "A last word from A shop"]),
        ("es", ["Hace tiempo que no nos vemos. ¿Qué tal?", "¿Nos cuentas por qué?", "Una última nota de A shop"]),
    ],
)
def test_the_words_are_in_the_customers_language_and_the_code_comes_last(
    language: str, subjects: list[str], days: Days
) -> None:
    kept = keeps_words(days)
    joins(days, language=language)
    days.tell(buys(days, language=language))
    switch_on(days)
    days.go(lost_at(days) - days.at + 22 * DAY)
    assert [one.subject for one in kept] == subjects
    assert ["Mug" in one.text for one in kept] == [True, True, False]
    assert [CODE in one.text for one in kept] == [False, False, True]


def test_with_no_favourite_left_in_the_shop_it_says_the_rest(days: Days, shop_server: ShopServer) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    shop_server.products.clear()
    days.go(lost_at(days) - days.at + 22 * DAY)
    assert [step for _, step in days.sent()] == TOUCHES
    assert not any("Mug" in mail.text for mail in days.handed)


def test_a_shop_shows_what_it_learnt_and_gives_a_code_that_it_made(
    shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing stands in for another part here: Ada has the mug, which most bought, so the jug comes first."""
    days = passing(install_at(shop_server, now), now, monkeypatch)
    with within(days.shop.pk):
        Installation.objects.update(permissions=["MANAGE_DISCOUNTS"])
        days.shop = Installation.objects.get()
    names = {1: "Mug", 2: "Jug", 3: "Bowl"}
    shop_server.products = {f"P{number}": product_node(f"P{number}", name) for number, name in names.items()}
    version = buys(days).version
    days.tell(*(ProductFact(f"P{one}", name, name, "", (), (f"V{one}",), version) for one, name in names.items()))
    baskets = [[1, 2, 3]] * 4 + [[1, 2]] * 3 + [[1]] * 2
    for number, basket in enumerate(baskets):
        past = order(now - 60 * DAY, f"a past order {number}", None, f"customer.{number}@example.com")
        days.tell(replace(past, lines=tuple((f"V{one}", 1) for one in basket)), cause=Cause.IMPORT)
    joins(days)
    days.tell(buys(days, lines=(("V1", 1),)))
    with within(days.shop.pk):
        recommendation_counts.ask(days.shop.pk, now)
    assert learning.run(days.shop.pk, now)
    switch_on(days)
    days.go(lost_at(days) - days.at + 20 * DAY)
    while code_making.run(days.shop.pk, days.at):
        pass
    days.go(2 * DAY)
    hers = [mail.text for mail in days.handed if mail.to_address == ADA]
    assert len(hers) == 3
    assert "Mug" not in hers[0]
    assert -1 < hers[0].find("Jug") < hers[0].find("Bowl")
    with within(days.shop.pk):
        given = PersonalCode.objects.get(state=PersonalCode.State.GIVEN)
    assert [given.code in text for text in hers] == [False, False, True]
    days.tell(replace(buys(days), order_id="T3JkZXI6Mg==", voucher_code=given.code))
    with within(days.shop.pk):
        assert PersonalCode.objects.get(pk=given.pk).state == PersonalCode.State.USED


def test_a_code_that_is_switched_off_leaves_the_rest(days: Days) -> None:
    kept = keeps_words(days)
    joins(days)
    days.tell(buys(days))
    switch_on(days, incentive=None)
    days.go(lost_at(days) - days.at + 22 * DAY)
    assert [one.tags[0] for one in kept] == TOUCHES
    assert not any(CODE in one.text for one in kept)


def test_while_goods_are_on_their_way_back_nothing_is_said(days: Days) -> None:
    joins(days)
    bought = buys(days, status="FULFILLED")
    days.tell(bought)
    switch_on(days)
    days.go(lost_at(days) - days.at + 3 * DAY)
    days.tell(changed(days, bought, status="PARTIALLY_RETURNED"))
    days.go(9 * DAY)
    assert days.sent() == [(ADA, "win-back-1")]
    assert ("deferred", "touch-2", "return_open") in days.told(Decision.Kind.DEFERRED)
    days.tell(changed(days, bought, status="PARTIALLY_RETURNED", refunded=Decimal(5)))
    days.go(30 * DAY)
    assert [step for _, step in days.sent()] == TOUCHES


def test_an_order_paid_at_the_door_ends_it(days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 3 * DAY)
    days.tell(replace(buys(days, charge_status="NONE"), order_id="T3JkZXI6Mg=="))
    days.go(30 * DAY)
    assert days.sent() == [(ADA, "win-back-1")]
    assert days.states() == [("exited", "ordered")]


def test_a_cart_that_is_filled_again_ends_it(days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.switch(State.OFF, "abandoned-cart")
    days.go(lost_at(days) - days.at + 3 * DAY)
    days.tell(cart(days.at, user=USER, email=ADA))
    days.go(30 * DAY)
    assert days.sent() == [(ADA, "win-back-1")]
    assert days.states() == [("exited", "came_back")]


def test_who_unsubscribes_hears_no_more(days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 3 * DAY)
    days.unsubscribe(ADA)
    days.go(30 * DAY)
    assert days.sent() == [(ADA, "win-back-1")]
    assert days.states() == [("exited", "unsubscribed")]


def test_without_consent_nothing_leaves(days: Days) -> None:
    joins(days, consent=None)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 22 * DAY)
    assert days.mails == []
    assert {reason for _, _, reason in days.messages()} == {"no_consent"}


def test_who_is_held_out_passes_without_a_mail_or_a_tag(days: Days) -> None:
    for number in range(1, 9):
        joins(days, number)
        days.tell(buys(days, number))
    switch_on(days, holdout=0.5)
    days.go(400 * DAY)
    with within(days.shop.pk):
        address = "customer__identities__account__email"
        has_one = {f"{address}__isnull": False}
        arms = dict(Enrollment.objects.filter(**has_one).values_list(address, "arm"))
        tagged = set(Tag.objects.filter(**has_one).values_list(address, flat=True))
    treated = {to for to, arm in arms.items() if arm == "treated"}
    assert set(arms.values()) == {"treated", "holdout"}
    assert {to for _, to, _ in days.mails} == tagged == treated


@pytest.mark.parametrize(
    ("case", "changes", "enters"),
    [
        ("to be paid at the door, not sent yet", {"charge_status": "NONE", "charged": 0}, False),
        ("paid at the door", {"charge_status": "NONE", "charged": 0, "status": "FULFILLED"}, True),
        ("cancelled", {"status": "CANCELED"}, False),
        ("sent back: by default who did so stays a buyer", {"status": "RETURNED", "charged": 0, "refunded": 20}, True),
    ],
)
def test_only_buyers_are_lost(case: str, changes: dict[str, Any], enters: bool, days: Days) -> None:
    joins(days)
    days.tell(buys(days, **changes))
    switch_on(days)
    days.go(300 * DAY)
    assert bool(days.mails) is enters, case


def test_nobody_enters_again_before_half_a_year(days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + DAY)
    entered_at = days.mails[0][0]
    days.tell(replace(buys(days), order_id="T3JkZXI6Mg=="))
    days.go(lost_at(days) - days.at + DAY)
    assert days.at < entered_at + 180 * DAY
    assert days.told(Decision.Kind.REFUSED) == [("refused", "", "too_soon")]
    days.tell(replace(buys(days), order_id="T3JkZXI6Mw=="))
    days.go(max(lost_at(days), entered_at + 181 * DAY) - days.at + DAY)
    days.tell(replace(buys(days), order_id="T3JkZXI6NA=="))
    days.go(lost_at(days) - days.at + DAY)
    assert days.sent() == [(ADA, "win-back-1")] * 2


def test_the_silent_hear_nothing_commercial_until_they_come_back(days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 112 * DAY)
    days.flow(send("hello"), trigger={"kind": "manual"}, topic="news")
    days.call("hello", occasion="first")
    days.go(DAY)
    assert days.messages()[-1] == ("hello", "skipped", "sunset")
    visit(days.shop, days.at, user_id=USER)
    days.go(DAY)
    days.call("hello", occasion="second")
    days.go(DAY)
    assert days.messages()[-1] == ("hello", "sent", "")
    with within(days.shop.pk):
        assert not Tag.objects.exists()


def is_asleep(days: Days) -> bool:
    with within(days.shop.pk):
        return Tag.objects.exists()


def hears_news(days: Days) -> tuple[str, str, str]:
    """Have something commercial written to everybody; return what became of it."""
    days.flow(send("hello"), trigger={"kind": "manual"}, topic="news")
    days.call("hello", occasion="news")
    days.go(DAY)
    return days.messages()[-1]


def imports_a_yes(days: Days, said_at: datetime) -> None:
    """Take in what another service says of Ada's e-mail."""
    with within(days.shop.pk):
        email = Identity.objects.get(value=ADA)
        consent.save_imported(days.shop, {email.pk: consent.Imported(True, said_at, "a file")})


def test_who_was_sent_nothing_was_not_silent(days: Days) -> None:
    joined_at = days.at
    joins(days, consent=None)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 112 * DAY)
    assert days.states() == [("finished", "all steps done")]
    assert not is_asleep(days)
    imports_a_yes(days, joined_at)
    assert hears_news(days) == ("hello", "sent", "")


@pytest.mark.parametrize(
    ("states", "is_tagged"),
    [
        (("sent", "skipped", "skipped"), True),
        (("skipped", "unknown", "failed"), True),
        (("skipped", "failed", "skipped"), False),
    ],
)
def test_one_message_that_may_have_left_is_enough_to_be_silent(
    states: tuple[str, ...], is_tagged: bool, days: Days
) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 22 * DAY)
    with within(days.shop.pk):
        for step, state in enumerate(states, 1):
            assert Message.objects.filter(step=f"touch-{step}").update(state=state) == 1
    days.go(90 * DAY)
    assert days.states() == [("finished", "all steps done")]
    assert is_asleep(days) is is_tagged


def told_late(days: Days, said_at: datetime) -> None:
    """Hear of a checkout only now that said yes long ago."""
    days.tell(replace(cart(said_at, user=USER, email=ADA, consent=True), lines=()))


@pytest.mark.parametrize("hears", [imports_a_yes, told_late])
def test_a_yes_that_is_only_now_heard_of_wakes_too(hears: Callable[[Days, datetime], None], days: Days) -> None:
    joined_at = days.at
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 112 * DAY)
    assert is_asleep(days)
    hears(days, joined_at)
    assert hears_news(days) == ("hello", "sent", "")
    assert not is_asleep(days)


def test_who_visits_within_the_quarter_is_not_put_to_rest(days: Days) -> None:
    joins(days)
    days.tell(buys(days))
    switch_on(days)
    days.go(lost_at(days) - days.at + 60 * DAY)
    visit(days.shop, days.at, user_id=USER)
    days.go(60 * DAY)
    assert days.states() == [("finished", "all steps done")]
    with within(days.shop.pk):
        assert not Tag.objects.exists()


def test_those_who_were_lost_long_ago_come_one_after_the_other_the_newest_first(days: Days) -> None:
    long_ago = days.at - 500 * DAY
    for number in range(1, 7):
        joins(days, number)
        days.tell(buys(days, number, created_at=long_ago + number * DAY), cause=Cause.IMPORT)
    days.go(HOUR)
    switch_on(days, per_hour=2)
    days.go(HOUR - timedelta(seconds=1))
    assert len(days.mails) == 2
    days.go(5 * HOUR)
    assert [to for _, to, _ in days.mails] == [f"ada.{number}@example.com" for number in (6, 5, 4, 3, 2, 1)]
    days.switch(State.OFF, FLOW)
    days.switch(State.ON, FLOW)
    switch_on(days, per_hour=100)
    days.go(DAY)
    assert len(days.mails) == 6, "nobody twice"
    with within(days.shop.pk):
        assert Flow.objects.get(key=FLOW).version is not None

"""The cart flow with a code before its last touch: who gets one, from where, and what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import flow_drafts, named_flows
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.named_flows import INCENTIVES
from saleor_lifecycle.models import (
    Decision,
    Enrollment,
    IncentiveSettings,
    Installation,
    Message,
    Outbox,
    PersonalCode,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import incentives
from tests.facts import CHECKOUT, account, cart, order
from tests.shop_server import HANG_UP, ShopServer, cart_node, install_at, shop_server
from tests.stories.days import DAY, HOUR, MINUTE, Days, passing

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

ADA, EMAIL = "VXNlcjo1", "ada.5@example.com"
FLOW = "abandoned-cart"
TOUCHES = [(EMAIL, f"abandoned-cart-{number}") for number in (1, 2, 3)]


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    """A shop whose flow of carts is set to give a code with its last touch, after three days; nobody is held out."""
    shop = install_at(shop_server, now)
    with within(shop.pk):
        Installation.objects.update(permissions=["MANAGE_DISCOUNTS", "MANAGE_PRODUCTS"])
        shop = Installation.objects.get()
    found = passing(shop, now, monkeypatch)
    change(found, incentive=INCENTIVES[FLOW])
    return found


def change(days: Days, **settings: Any) -> None:
    with within(days.shop.pk):
        named_flows.change(flow_drafts.locked(days.shop.pk, FLOW), {}, settings, "", days.at)


def leave_cart(days: Days, shop: ShopServer, language: str = "en", consent: bool | None = True) -> None:
    shop.carts[CHECKOUT] = cart_node(email=EMAIL, languageCode=language.upper())
    days.tell(replace(account(days.at - DAY, ADA, EMAIL, consent=consent), language=language))
    days.tell(cart(days.at, user=ADA, email=EMAIL, language=language))


def make_codes(days: Days) -> None:
    while incentives.run(days.shop.pk, days.at):
        pass


def offered(days: Days) -> dict[str, str]:
    """What the last message carries of a voucher."""
    with within(days.shop.pk):
        message = Message.objects.get(step="touch-3")
        return dict((message.offer or {}).get("voucher") or {})


def codes(days: Days) -> list[tuple[str, str]]:
    with within(days.shop.pk):
        return list(PersonalCode.objects.order_by("number").values_list("code", "state"))


def refused(days: Days) -> list[str]:
    return [outcome for _, _, outcome in days.told(Decision.Kind.REFUSED)]


def test_a_first_buyer_gets_a_code_made_ahead(days: Days, shop_server: ShopServer) -> None:
    leave_cart(days, shop_server)
    days.go(60 * HOUR)
    assert days.sent() == TOUCHES[:2]
    make_codes(days)
    ((code, state),) = codes(days)
    assert state == "ready"
    ((voucher_id, voucher),) = shop_server.vouchers.items()
    assert (voucher["singleUse"], voucher["discountValue"]) == (True, 10)
    days.go(13 * HOUR)
    assert days.sent() == TOUCHES
    assert offered(days) == {"id": voucher_id, "code": code}
    assert codes(days) == [(code, "given")]
    given_at = days.mails[-1][0]
    assert datetime.fromisoformat(voucher["endDate"]) >= given_at + timedelta(days=2) - MINUTE
    days.tell(order(days.at, user=ADA, email=EMAIL, voucher=code))
    assert codes(days) == [(code, "used")]


@pytest.mark.parametrize("is_paid", [True, False], ids=["paid", "cash on delivery"])
def test_an_order_without_it_takes_the_code_back(is_paid: bool, days: Days, shop_server: ShopServer) -> None:
    leave_cart(days, shop_server)
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    assert offered(days)["code"]
    days.tell(order(days.at, user=ADA, email=EMAIL, paid=is_paid))
    make_codes(days)
    assert [state for _, state in codes(days)] == ["withdrawn"]
    (voucher,) = shop_server.vouchers.values()
    assert voucher["codes"]["edges"] == []
    with within(days.shop.pk):
        assert not Outbox.objects.filter(kind="voucher", due_at__isnull=False).exists()


def test_an_order_that_came_to_nothing_leaves_them_the_code(days: Days, shop_server: ShopServer) -> None:
    leave_cart(days, shop_server)
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    days.tell(replace(order(days.at, user=ADA, email=EMAIL), status="CANCELED"))
    make_codes(days)
    assert [state for _, state in codes(days)] == ["given"]


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "10% off on your cart at A shop", "Below is a code for you alone, for your first order"),
        ("es", "10 % de descuento en tu carrito de A shop", "Abajo tienes un código solo para ti"),
    ],
)
def test_the_last_mail_says_it_in_the_customers_language(
    language: str, subject: str, said: str, days: Days, shop_server: ShopServer
) -> None:
    leave_cart(days, shop_server, language)
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    ((code, _),) = codes(days)
    *before, last = days.handed
    assert last.subject == subject
    assert code in last.text
    assert code in last.html
    assert said in " ".join(last.text.split())
    assert not any(code in one.text for one in before)


def test_a_shop_gives_none_until_it_is_asked_to(days: Days, shop_server: ShopServer) -> None:
    change(days, incentive=None)
    leave_cart(days, shop_server)
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    assert days.sent() == TOUCHES
    assert days.handed[-1].subject == "Last reminder about your cart at A shop"
    assert (codes(days), refused(days), shop_server.vouchers) == ([], [], {})


def test_whoever_is_held_out_gets_neither_mail_nor_code(days: Days, shop_server: ShopServer) -> None:
    change(days, holdout=0.5)
    people = {f"checkout {number}": f"held.{number}@example.com" for number in range(12)}
    for checkout, email in people.items():
        shop_server.carts[checkout] = cart_node(checkout, email=email)
        days.tell(account(days.at - DAY, f"user of {checkout}", email, consent=True))
        days.tell(cart(days.at, checkout, f"user of {checkout}", email))
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    with within(days.shop.pk):
        arms = list(Enrollment.objects.values_list("arm", flat=True))
        given = set(PersonalCode.objects.values_list("enrollment__arm", "state"))
    assert set(arms) == {Arm.TREATED, Arm.HOLDOUT}
    assert len({to for to, _ in days.sent()}) == arms.count(Arm.TREATED) == len(codes(days))
    assert given == {(Arm.TREATED, "given")}


def test_without_consent_there_is_neither_mail_nor_code(days: Days, shop_server: ShopServer) -> None:
    leave_cart(days, shop_server, consent=None)
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    assert days.mails == []
    assert refused(days) == ["code_not_reached"]
    assert "given" not in [state for _, state in codes(days)]


def test_an_answer_that_is_lost_leads_to_no_second_voucher(days: Days, shop_server: ShopServer) -> None:
    leave_cart(days, shop_server)
    days.go(60 * HOUR)

    def cut_off(operation: str) -> None:
        shop_server.trouble = HANG_UP if operation == "AddCodes" else None

    shop_server.meanwhile = cut_off
    incentives.run(days.shop.pk, days.at)
    assert [state for _, state in codes(days)] == ["making"]
    assert len(shop_server.vouchers) == 1
    shop_server.meanwhile, shop_server.trouble = (lambda operation: None), None
    days.go(MINUTE)
    make_codes(days)
    assert [state for _, state in codes(days)] == ["ready"]
    assert len(shop_server.vouchers) == 1


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("ordered before", "code_not_first_order"),
        ("voucher in the cart", "code_voucher_in_cart"),
        ("serial abandoner", "code_serial_abandoner"),
    ],
)
def test_who_may_have_none_gets_the_mail_without(case: str, reason: str, days: Days, shop_server: ShopServer) -> None:
    if case == "ordered before":
        days.tell(order(days.at - 100 * DAY, user=ADA, email=EMAIL))
    leave_cart(days, shop_server)
    if case == "voucher in the cart":
        days.tell(cart(days.at + MINUTE, user=ADA, email=EMAIL, voucher="SPRING"))
    if case == "serial abandoner":
        days.tell(*(cart(days.at - n * DAY, f"checkout {n}", ADA, EMAIL) for n in (8, 9)))
    days.go(60 * HOUR)
    make_codes(days)
    days.go(13 * HOUR)
    assert TOUCHES[2] in days.sent()
    assert offered(days) == {}
    assert reason in refused(days)
    assert "given" not in [state for _, state in codes(days)]


def test_a_shop_that_makes_none_in_time_holds_the_mail_for_an_hour(days: Days, shop_server: ShopServer) -> None:
    """One mail a day puts the second one off by an hour, and so the third: it is due after 73 hours."""
    leave_cart(days, shop_server)
    days.go(73 * HOUR + 59 * MINUTE)
    assert days.sent() == TOUCHES[:2]
    days.go(MINUTE)
    assert days.sent() == TOUCHES
    assert (offered(days), refused(days)) == ({}, ["code_none_ready"])


@pytest.mark.parametrize(
    ("case", "reason"), [("the voucher vanished", "code_gone"), ("too dear for the margin", "code_below_margin")]
)
def test_a_code_that_may_not_be_told_is_left_out_at_sending(
    case: str, reason: str, days: Days, shop_server: ShopServer
) -> None:
    leave_cart(days, shop_server)
    days.go(60 * HOUR)
    make_codes(days)
    if case == "the voucher vanished":
        shop_server.vouchers.clear()
    else:
        shop_server.costs = {"VmFyaWFudDox": 7.0}  # two of them, of a line that brings 16.53
    days.go(13 * HOUR)
    assert TOUCHES[2] in days.sent()
    assert refused(days) == [reason]
    # Nobody was told of one that works: it is there for somebody else, and for them another time.
    assert [state for _, state in codes(days)] == ["given" if reason == "code_gone" else "ready"]
    with within(days.shop.pk):
        assert IncentiveSettings.objects.get().taken == (reason == "code_gone")

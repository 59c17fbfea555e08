"""Messages that carry products or a voucher, filled from a shop that answers on a real socket."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from saleor_lifecycle.models import Brand, Customer, Identity, Installation, Message, Preference
from saleor_lifecycle.models.entry import within
from tests.channels.conftest import MailServer
from tests.facts import account, order, tell
from tests.shop_server import ShopServer, product_node, voucher_node
from tests.tasks.abandoned import HOUR, abandon, now, send, shop, standing

pytestmark = pytest.mark.django_db

__all__ = ["now", "shop"]

MUG, JUG, GONE = "UHJvZHVjdDox", "UHJvZHVjdDoy", "UHJvZHVjdDo5"
VOUCHER = "Vm91Y2hlcjox"
CODE = {"id": VOUCHER, "code": "OLMO-7K2M"}


def queue(shop: Installation, now: datetime, template: str, offer: dict[str, Any] | None, **changes: Any) -> None:
    """One who has ordered and agreed, and a message for them."""
    tell(shop, [account(now - HOUR, consent=True), order(now - 30 * HOUR)], now)
    with within(shop.pk):
        Brand.objects.update(product_url="https://shop.example.com/p/{slug}")
        Message.objects.create(
            installation=shop,
            customer=Customer.objects.get(merged_into=None),
            key=f"{template}:1",
            template=template,
            topic="recommendations",
            channel="email",
            offer=offer,
            queued_at=now,
            due_at=now,
            **changes,
        )


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_shows_the_products_in_their_rank_as_the_shop_has_them_now(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    picture = {"url": "https://cdn.example.com/mug.png", "alt": None}
    shop_server.products = {
        MUG: product_node(MUG, "Mug", 10.0, undiscounted=15.0, prior=12.5, thumbnail=picture),
        JUG: product_node(JUG, "Jug", 30.0, undiscounted=40.0),
    }
    offer = {"products": [JUG, GONE, MUG], "because": {"kind": "bought", "product": MUG}}
    queue(shop, now, "cross-sell", offer)
    assert send(shop) == 1
    (mail,) = mail_server.received
    text, html = part(mail, "plain"), part(mail, "html")
    assert mail["Subject"] == "Goes well with Mug"
    assert "Because you bought Mug" in text
    assert text.index("- Jug, €30.00\n") < text.index("- Mug, €10.00 (Before: €12.50)\n"), "in Spain only the prior one"
    assert "https://shop.example.com/p/mug?utm_source=lifecycle&utm_medium=email&utm_campaign=cross-sell" in text
    assert 'src="https://cdn.example.com/mug.png" alt="Mug"' in html
    assert shop_server.asked == ["OfferedProducts"], "one guarded read for the batch"


def test_outside_the_laws_reach_the_price_without_discount_is_struck(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.country = "US"
    shop_server.products = {MUG: product_node(MUG, "Mug", 10.0, undiscounted=15.0, prior=12.5)}
    queue(shop, now, "first-purchase-3", {"products": [MUG]})
    send(shop)
    assert "- Mug, €10.00 (Before: €15.00)" in part(mail_server.received[0], "plain")


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("gone or not published", {}),
        ("sold out", {MUG: product_node(MUG, available=0)}),
        ("not for sale yet", {MUG: product_node(MUG, isAvailableForPurchase=False)}),
        ("without a price here", {MUG: product_node(MUG, productVariants={"edges": []})}),
    ],
)
def test_with_no_product_left_it_is_skipped(
    case: str,
    found: dict[str, Any],
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
) -> None:
    shop_server.products = found
    queue(shop, now, "cross-sell", {"products": [MUG]})
    send(shop)
    assert standing(shop) == ("skipped", "products_gone"), case
    assert mail_server.connections == 0


def test_a_voucher_is_told_with_its_worth_its_conditions_and_its_end(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    ends = now.replace(microsecond=0) + timedelta(days=3)
    shop_server.vouchers = {
        VOUCHER: voucher_node(VOUCHER, 12.5, minSpent={"amount": 40.0}, singleUse=True, endDate=ends.isoformat())
    }
    queue(shop, now, "win-back-3", {"voucher": CODE})
    send(shop)
    text = part(mail_server.received[0], "plain")
    assert str(mail_server.received[0]["Subject"]).startswith("Your code is valid until ")
    for said in ("OLMO-7K2M", "12.5% off", "For orders from €40.00", "Can be used once", f"Valid until {ends.day} "):
        assert said in text


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("gone, or not in this channel", {}),
        ("without a value here", {VOUCHER: voucher_node(VOUCHER, None)}),
        ("ended", {VOUCHER: voucher_node(VOUCHER, endDate="2026-01-01T00:00:00+00:00")}),
        ("used up", {VOUCHER: voucher_node(VOUCHER, usageLimit=5, used=5)}),
        ("of a kind to come", {VOUCHER: voucher_node(VOUCHER, type="LOYALTY")}),
        ("its code taken back", {VOUCHER: voucher_node(VOUCHER, codes={"ANOTHER": True})}),
        ("its code used", {VOUCHER: voucher_node(VOUCHER, codes={CODE["code"]: False})}),
    ],
)
def test_a_voucher_that_is_of_no_use_is_not_sent(
    case: str,
    found: dict[str, Any],
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
    shop_server: ShopServer,
) -> None:
    shop_server.vouchers = found
    shop_server.products = {MUG: product_node(MUG)}
    queue(shop, now, "win-back-2", {"voucher": CODE, "products": [MUG]})
    send(shop)
    assert standing(shop) == ("skipped", "voucher_gone"), case
    assert mail_server.connections == 0


def test_products_that_are_gone_are_left_out_beside_a_voucher(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.vouchers = {VOUCHER: voucher_node(VOUCHER)}
    queue(shop, now, "win-back-2", {"voucher": CODE, "products": [MUG]})
    send(shop)
    assert standing(shop) == ("sent", "")
    text = part(mail_server.received[0], "plain")
    assert "Your code: OLMO-7K2M" in text
    assert "Chosen for you" not in text


def test_a_cart_leaves_without_the_voucher_that_ended(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    abandon(shop, now)
    with within(shop.pk):
        Message.objects.update(offer={"voucher": CODE})
    send(shop)
    assert standing(shop) == ("sent", "")
    assert "OLMO-7K2M" not in part(mail_server.received[0], "plain")


def test_waits_for_a_shop_that_is_away(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.trouble = 503
    queue(shop, now, "cross-sell", {"products": [MUG]})
    send(shop)
    assert standing(shop) == ("queued", "shop_away")
    assert mail_server.connections == 0


def test_names_are_asked_for_in_the_language_of_the_reader(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.products = {MUG: product_node(MUG, "Mug", translation={"name": "Taza", "slug": "taza"})}
    queue(shop, now, "cross-sell", {"products": [MUG]})
    tell(shop, [replace(account(now, consent=True), language="es-MX")], now)
    send(shop)
    assert shop_server.languages == ["ES_MX"]
    text = part(mail_server.received[0], "plain")
    assert "- Taza, 10,00\u00a0€" in text
    assert "https://shop.example.com/p/taza?" in text


def test_whoever_chose_a_language_reads_words_and_names_in_it(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    shop_server.products = {MUG: product_node(MUG, "Taza", 10.0)}
    abandon(shop, now, language="en")
    queue(shop, now, "cross-sell", {"products": [MUG]})
    with within(shop.pk):
        identity = Identity.objects.get(kind="user")
        Preference.objects.create(installation=shop, identity=identity, language="es", at=now)
    assert send(shop) == 2
    assert shop_server.languages == ["ES", "ES"], "the cart and the product"
    assert {mail["Content-Language"] for mail in mail_server.received} == {"es"}


def test_a_cart_is_asked_for_in_its_language(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    abandon(shop, now, language="es-MX")
    send(shop)
    assert shop_server.languages == ["ES_MX"]


NAMES = ("Ada", "Berta", "Carla", "Dora", "Elena", "Flora", "Gala", "Hanna")


def test_a_batch_asks_once_and_each_gets_only_their_own(
    shop: Installation, now: datetime, mail_server: MailServer, shop_server: ShopServer
) -> None:
    products = {name: [f"{name} first", f"{name} second"] for name in NAMES}
    shop_server.products = {one: product_node(one, one) for ids in products.values() for one in ids}
    tell(
        shop, [account(now, name, f"{name}@example.com".lower(), consent=True, first_name=name) for name in NAMES], now
    )
    tell(shop, [order(now - HOUR, f"order of {name}", name, f"{name}@example.com".lower()) for name in NAMES], now)
    with within(shop.pk):
        people = dict(Identity.objects.filter(kind="user").values_list("value", "customer_id"))
        Message.objects.bulk_create(
            Message(
                installation=shop,
                customer_id=people[name],
                key=f"for {name}",
                template="cross-sell",
                topic="recommendations",
                channel="email",
                offer={"products": products[name]},
                queued_at=now,
                due_at=now,
            )
            for name in NAMES
        )
    send(shop)
    assert shop_server.asked == ["OfferedProducts"]
    assert len(mail_server.received) == len(NAMES)
    for mail in mail_server.received:
        whole = part(mail, "plain") + part(mail, "html")
        assert [name for name in NAMES if name in whole] == [mail["To"].partition("@")[0].title()]

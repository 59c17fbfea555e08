from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.channels.blocks import offer_values
from saleor_lifecycle.domain.contents import Product, Shown, Voucher, VoucherKind

PRODUCT = Product(
    product_id="1",
    name="Mug",
    slug="mug",
    is_buyable=True,
    price=Decimal("10.000"),
    undiscounted=Decimal("15.000"),
    prior=Decimal("12.000"),
    currency="EUR",
    is_from=False,
    image_url="https://cdn.example/mug.png",
    image_alt="",
)
VOUCHER = Voucher(
    voucher_id="V",
    kind=VoucherKind.ORDER,
    is_percent=True,
    value=Decimal("10.000"),
    currency="EUR",
    min_spent=None,
    min_quantity=None,
    starts_at=datetime(2026, 1, 1, tzinfo=UTC),
    ends_at=None,
    is_used_up=False,
    is_for_staff=False,
    is_on_cheapest=False,
    is_once=False,
)


def values(shown: Shown, language: str = "en", zone: str = "UTC", product_url: str = "") -> dict[str, Any]:
    return offer_values(shown, product_url, "https://shop.example", language, zone)


def voucher(language: str = "en", zone: str = "UTC", **changes: Any) -> dict[str, Any]:
    held: dict[str, Any] = values(Shown(voucher=replace(VOUCHER, **changes), code="X-1"), language, zone)["voucher"]
    return held


def test_nothing_is_ever_absent() -> None:
    assert values(Shown()) == {
        "products": [],
        "recommendations": {"because": "", "product": "", "products": []},
        "voucher": {"code": "", "worth": "", "until": "", "conditions": []},
    }


def test_products_with_a_reason_are_recommendations() -> None:
    shown = values(Shown((PRODUCT,), "bought", "Jug"))
    assert shown["products"] == []
    assert [one["name"] for one in shown["recommendations"]["products"]] == ["Mug"]
    assert (shown["recommendations"]["because"], shown["recommendations"]["product"]) == ("bought", "Jug")
    assert [one["name"] for one in values(Shown((PRODUCT,)))["products"]] == ["Mug"]


@pytest.mark.parametrize(
    ("slug", "product_url", "expected"),
    [
        ("mug", "https://shop.example/p/{slug}?a=1", "https://shop.example/p/mug?a=1"),
        ("té/ñ?x=#1", "https://shop.example/p/{slug}", "https://shop.example/p/t%C3%A9%2F%C3%B1%3Fx%3D%231"),
        ("mug", "", "https://shop.example"),
    ],
)
def test_a_product_leads_to_its_page_or_else_to_the_shop(slug: str, product_url: str, expected: str) -> None:
    (product,) = values(Shown((replace(PRODUCT, slug=slug),)), product_url=product_url)["products"]
    assert product["url"] == expected


@pytest.mark.parametrize(("country", "was"), [("ES", "12"), ("US", "15"), ("", "12")])
def test_a_price_is_struck_as_the_country_wants(country: str, was: str) -> None:
    (product,) = values(Shown((PRODUCT,), country=country))["products"]
    assert product["was"] == Decimal(was)


def test_a_picture_without_words_is_called_as_the_product() -> None:
    (product,) = values(Shown((PRODUCT,)))["products"]
    assert (product["image"], product["image_alt"]) == ("https://cdn.example/mug.png", "Mug")
    (product,) = values(Shown((replace(PRODUCT, image_url="javascript:alert(1)"),)))["products"]
    assert product["image"] == ""


@pytest.mark.parametrize(
    ("changes", "english", "spanish"),
    [
        ({}, "10% off", "10\u00a0% de descuento"),
        ({"value": Decimal("12.500")}, "12.5% off", "12,5\u00a0% de descuento"),
        ({"is_percent": False}, "€10.00 off", "10,00\u00a0€ de descuento"),
        ({"kind": VoucherKind.SHIPPING, "value": Decimal(100)}, "Free delivery", "Envío gratis"),
        ({"kind": VoucherKind.SHIPPING}, "10% off delivery", "10\u00a0% de descuento en el envío"),
    ],
)
def test_says_what_a_voucher_is_worth(changes: dict[str, Any], english: str, spanish: str) -> None:
    assert [voucher(language, **changes)["worth"] for language in ("en", "es-ES")] == [english, spanish]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"kind": VoucherKind.PRODUCTS}, ["On selected products"]),
        ({"is_on_cheapest": True}, ["On the cheapest product in your order"]),
        ({"min_spent": Decimal("40.000")}, ["For orders from €40.00"]),
        ({"min_quantity": 1}, []),
        ({"min_quantity": 2}, ["From 2 items"]),
        ({"is_once": True}, ["Can be used once"]),
        ({"countries": ("ES", "PT")}, []),
        ({"countries": ("ES", "PT"), "kind": VoucherKind.SHIPPING}, ["Delivery to Spain, Portugal"]),
        ({"countries": tuple("ABCDE"), "kind": VoucherKind.SHIPPING}, ["Delivery to 5 countries"]),
    ],
)
def test_says_under_which_conditions_a_voucher_holds(changes: dict[str, Any], told: list[str]) -> None:
    assert voucher(**changes)["conditions"] == told


@pytest.mark.parametrize(
    ("case", "ends_at", "zone", "expected"),
    [
        ("never", None, "UTC", ""),
        ("at midnight", datetime(2026, 4, 1, tzinfo=UTC), "UTC", "31 de marzo de 2026"),
        ("at its midnight", datetime(2026, 3, 31, 22, tzinfo=UTC), "Europe/Madrid", "31 de marzo de 2026"),
        ("in the last minute", datetime(2026, 3, 31, 23, 59, tzinfo=UTC), "UTC", "31 de marzo de 2026"),
        ("at noon", datetime(2026, 3, 31, 12, tzinfo=UTC), "UTC", "31 de marzo de 2026, 12:00"),
        ("at noon, in Madrid", datetime(2026, 3, 31, 12, tzinfo=UTC), "Europe/Madrid", "31 de marzo de 2026, 14:00"),
        ("just after midnight", datetime(2026, 4, 1, 0, 1, tzinfo=UTC), "UTC", "1 de abril de 2026, 00:01"),
    ],
)  # fmt: skip
def test_says_until_when_in_the_days_of_the_shop(case: str, ends_at: datetime | None, zone: str, expected: str) -> None:
    assert voucher("es", zone, ends_at=ends_at)["until"] == expected, case


def test_another_language_gets_its_figures_and_dates_with_english_words() -> None:
    held = voucher("de", ends_at=datetime(2026, 4, 1, tzinfo=UTC) + timedelta(hours=12), value=Decimal("12.5"))
    assert (held["worth"], held["until"]) == ("12,5\u00a0% off", "1 April 2026, 12:00")

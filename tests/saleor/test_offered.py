from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.domain.contents import VoucherKind
from saleor_lifecycle.saleor import client
from saleor_lifecycle.saleor.offered import _product, _voucher, language_code
from tests.shop_server import product_node, taxed, voucher_node


def node(price: float, available: int | None = 5, prior: float | None = None) -> dict[str, Any]:
    found: dict[str, Any] = product_node(price=price, available=available, prior=prior)["productVariants"]["edges"][0]
    return found


def product(**changes: Any) -> Any:
    return _product(client.OfferedProduct.model_validate(product_node(**changes)))


@pytest.mark.parametrize(
    ("case", "variants", "price", "prior", "is_from", "is_buyable"),
    [
        ("one", [node(10)], "10", None, False, True),
        ("the cheapest, with its own prior price", [node(12, prior=20), node(10, prior=15)], "10", "15", True, True),
        ("all at one price", [node(10), node(10)], "10", None, False, True),
        ("the cheapest is sold out", [node(10, 0), node(12)], "12", None, False, True),
        ("stock is not counted", [node(10, None)], "10", None, False, True),
        ("all are sold out", [node(10, 0), node(12, 0)], "10", None, True, False),
    ],
)
def test_a_product_costs_what_its_cheapest_variant_costs(
    case: str, variants: list[dict[str, Any]], price: str, prior: str | None, is_from: bool, is_buyable: bool
) -> None:
    read = product(productVariants={"edges": variants})
    assert (read.price, read.is_from, read.is_buyable) == (Decimal(price), is_from, is_buyable), case
    assert read.prior == (Decimal(prior) if prior else None), case


def test_a_variant_without_a_price_in_the_channel_is_not_looked_at() -> None:
    bare = {"node": {"quantityAvailable": 5, "pricing": None}}
    assert product(productVariants={"edges": [bare]}) is None
    assert product(productVariants={"edges": [bare, node(10)]}).price == 10
    assert product(productVariants=None) is None


@pytest.mark.parametrize(("is_gross", "price"), [(True, "12.1"), (False, "10")])
def test_prices_are_shown_as_the_channel_shows_them(is_gross: bool, price: str) -> None:
    held = node(0)
    held["node"]["pricing"]["price"] = taxed(12.1, 10)
    read = product(productVariants={"edges": [held]}, pricing={"displayGrossPrices": is_gross})
    assert read.price == Decimal(price)


@pytest.mark.parametrize("changes", [{"isAvailable": False}, {"isAvailable": None}, {"isAvailableForPurchase": None}])
def test_what_the_shop_does_not_call_available_is_not_offered(changes: dict[str, Any]) -> None:
    assert not product(**changes).is_buyable


@pytest.mark.parametrize(
    ("translation", "name", "slug"),
    [
        (None, "Mug", "mug"),
        ({"name": "Taza", "slug": "taza"}, "Taza", "taza"),
        ({"name": "Taza", "slug": None}, "Taza", "mug"),
        ({"name": "", "slug": ""}, "Mug", "mug"),
    ],
)
def test_what_is_not_translated_stays_as_it_is(translation: Any, name: str, slug: str) -> None:
    read = product(name="Mug", translation=translation)
    assert (read.name, read.slug) == (name, slug)


@pytest.mark.parametrize(
    ("language", "code"),
    [("es", "ES"), ("es-MX", "ES_MX"), ("es-XX", "ES"), ("zh-hans", "ZH_HANS"), ("xx", "EN"), ("", "EN")],
)
def test_asks_in_the_nearest_language_that_saleor_knows(language: str, code: str) -> None:
    assert language_code(language).value == code


@pytest.mark.parametrize("value", [None])
def test_a_voucher_without_a_value_is_not_in_the_channel(value: float | None) -> None:
    assert _voucher(client.OfferedVoucher.model_validate(voucher_node(value=value))) is None


@pytest.mark.parametrize("changes", [{"type": "LOYALTY"}, {"discountValueType": "POINTS"}])
def test_a_voucher_of_a_kind_to_come_is_not_told_wrongly(changes: dict[str, str]) -> None:
    assert _voucher(client.OfferedVoucher.model_validate(voucher_node(**changes))) is None


def test_reads_a_voucher_with_its_conditions() -> None:
    said = voucher_node(
        value=5.0,
        type="SHIPPING",
        discountValueType="FIXED",
        minSpent={"amount": 0.0},
        minCheckoutItemsQuantity=3,
        usageLimit=2,
        used=2,
        applyOncePerCustomer=True,
        countries=[{"code": "PT"}, {"code": "ES"}],
    )
    read = _voucher(client.OfferedVoucher.model_validate(said))
    assert read is not None
    assert (read.kind, read.is_percent, read.value) == (VoucherKind.SHIPPING, False, Decimal(5))
    assert (read.min_spent, read.min_quantity, read.countries) == (None, 3, ("ES", "PT"))
    assert (read.is_used_up, read.is_once, read.ends_at) == (True, True, None)

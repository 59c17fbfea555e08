import pytest

from saleor_lifecycle.domain.messages import commercial_names


@pytest.mark.parametrize(
    ("name", "is_commercial"),
    [
        ("products[].name", True),
        ("products", True),
        ("recommendations.products[].url", True),
        ("voucher.code", True),
        ("offer.products[]", True),
        ("cart.lines[].product", True),
        ("links.cart", True),
        ("links.review", True),
        ("shop.name", False),
        ("links.unsubscribe", False),
        ("links.confirm", False),
        ("productsheet.url", False),
        ("links.cartography", False),
    ],
)
def test_an_offer_a_cart_or_a_review_request_makes_a_message_commercial(name: str, is_commercial: bool) -> None:
    assert commercial_names([name, "customer.first_name"]) == ([name] if is_commercial else [])

"""The values that a template may name, by what its message is about. Texts may be empty, nothing is ever absent."""

from saleor_lifecycle.domain.messages import Context

_COMMON = frozenset(
    {
        *("shop.name", "shop.url", "shop.logo", "brand.color", "brand.text_color", "customer.first_name"),
        *("footer.company", "footer.tax_id", "footer.address", "footer.email"),
        *("footer.privacy_url", "footer.reason", "links.unsubscribe", "links.preferences"),
    }
)
_CART = frozenset(
    {
        *("cart.lines[].product", "cart.lines[].variant", "cart.lines[].quantity", "cart.lines[].total"),
        *("cart.lines[].currency", "cart.lines[].image", "cart.lines[].image_alt"),
        *("cart.total", "cart.currency", "links.cart"),
    }
)
_OF_A_PRODUCT = ("name", "url", "price", "currency", "is_from", "was", "image", "image_alt")
_OFFER = frozenset(
    {
        *(f"products[].{name}" for name in _OF_A_PRODUCT),
        *(f"recommendations.products[].{name}" for name in _OF_A_PRODUCT),
        *("recommendations.because", "recommendations.product"),
        *("voucher.code", "voucher.worth", "voucher.until", "voucher.conditions[]"),
    }
)
_NAMES = {
    Context.CUSTOMER: _COMMON,
    Context.CART: _COMMON | _CART | _OFFER,
    Context.OFFER: _COMMON | _OFFER,
    Context.OPT_IN: _COMMON | {"links.confirm"},
}


def names_of(context: Context) -> frozenset[str]:
    """The values that each message of that context has."""
    return _NAMES[context]

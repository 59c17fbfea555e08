"""The values that a template may name, by what its message is about. Texts may be empty, nothing is ever absent."""

from saleor_lifecycle.domain.messages import Context

_COMMON = frozenset(
    {
        *("shop.name", "shop.url", "shop.logo", "brand.color", "brand.text_color", "customer.first_name"),
        *("footer.company", "footer.tax_id", "footer.address", "footer.email"),
        *("footer.privacy_url", "footer.reason", "links.unsubscribe"),
    }
)
_CART = frozenset(
    {
        *("cart.lines[].product", "cart.lines[].variant", "cart.lines[].quantity", "cart.lines[].total"),
        *("cart.lines[].currency", "cart.lines[].image", "cart.lines[].image_alt"),
        *("cart.total", "cart.currency", "links.cart"),
    }
)


def names_of(context: Context) -> frozenset[str]:
    """The values that each message of that context has."""
    return _COMMON | _CART if context is Context.CART else _COMMON

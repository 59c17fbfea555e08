"""Values of an invented shop, for previews and for trying a template before it is saved."""

from typing import Any

from saleor_lifecycle.domain.messages import Context

from .ready import sample_values as _all


def sample_values(context: Context, language: str) -> dict[str, Any]:
    """A value for each name of the context, in Spanish for Spanish and in English for all others."""
    values = _all(language)
    if context is not Context.CART:
        del values["cart"], values["links"]["cart"]
    return {**values, "brand": {"color": "#16161a", "text_color": "#ffffff"}}

"""The templates that come with the app: full MJML sources, which a merchant may edit afterwards."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "es")
CART_KEYS = ("abandoned-cart-1", "abandoned-cart-2", "abandoned-cart-3")
# What each message of the abandoned cart can name; texts may be empty, nothing is ever absent.
CART_NAMES = frozenset(
    {
        *("shop.name", "shop.url", "shop.logo", "customer.first_name"),
        *("cart.lines[].product", "cart.lines[].variant", "cart.lines[].quantity", "cart.lines[].total"),
        *("cart.lines[].currency", "cart.lines[].image", "cart.lines[].image_alt"),
        *("cart.total", "cart.currency", "links.cart", "links.unsubscribe"),
        *("footer.company", "footer.tax_id", "footer.address", "footer.email"),
        *("footer.privacy_url", "footer.reason"),
    }
)

_SLOT = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class ReadyTemplate:
    """One message in one language, as a merchant would have written it."""

    key: str
    language: str
    subject: str
    mjml: str
    text: str


@cache
def ready_templates() -> tuple[ReadyTemplate, ...]:
    """Every ready template in every language."""
    return tuple(_compose(key, language) for key in CART_KEYS for language in LANGUAGES)


def sample_values(language: str) -> dict[str, Any]:
    """Values of an invented cart, for previews and for trying a template before it is saved."""
    is_spanish = language.partition("-")[0] == "es"
    lines = [
        ("Botella térmica" if is_spanish else "Thermal bottle", "750 ml", 2, Decimal("49.80")),
        ("Mochila de lona" if is_spanish else "Canvas backpack", "", 1, Decimal("89.00")),
    ]
    return {
        "shop": {"name": "Tienda Olmo", "url": "https://shop.example", "logo": ""},
        "customer": {"first_name": "Lucía"},
        "cart": {
            "lines": [
                {
                    **{"product": product, "variant": variant, "quantity": quantity, "total": total},
                    **{"currency": "EUR", "image": "", "image_alt": product},
                }
                for product, variant, quantity, total in lines
            ],
            "total": Decimal("138.80"),
            "currency": "EUR",
        },
        "links": {
            "cart": "https://app.example/cart/token",
            "unsubscribe": "https://app.example/unsubscribe/token",
        },
        "footer": {
            "company": "Olmo Comercio, S.L.",
            "tax_id": "B00000000",
            "address": "Calle Mayor 1, 28013 Madrid",
            "email": "hola@shop.example",
            "privacy_url": "https://shop.example/privacy",
            "reason": "Recibes este correo porque aceptaste recibir novedades de Tienda Olmo."
            if is_spanish
            else "You receive this e-mail because you agreed to hear from Tienda Olmo.",
        },
    }


def _compose(key: str, language: str) -> ReadyTemplate:
    words = tomllib.loads(_read(f"cart.{language}.toml"))
    slots: dict[str, Any] = {**words["every"], **words[key], "language": language}
    body: list[str] = slots["body"]
    return ReadyTemplate(
        key=key,
        language=language,
        subject=slots["subject"],
        mjml=_fill(_read("cart.mjml"), {**slots, "body": _as_html(body)}),
        text=_fill(_read("cart.txt"), {**slots, "body": "\n".join(body)}),
    )


def _as_html(paragraphs: list[str]) -> str:
    points = [line.removeprefix("- ") for line in paragraphs if line.startswith("- ")]
    texts = [line for line in paragraphs if not line.startswith("- ")]
    html = "<br /><br />".join(texts)
    if points:
        html += '<br /><br /><ul class="points">' + "".join(f"<li>{point}</li>" for point in points) + "</ul>"
    return html


def _fill(source: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: slots[slot[1]], source)


def _read(name: str) -> str:
    return (files("saleor_lifecycle") / "templates" / "messages" / name).read_text("utf-8")

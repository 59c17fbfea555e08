"""The templates that come with the app: full MJML sources, which a merchant may edit afterwards.

One frame holds every block; a template keeps those that it names, and fills the words of its language in.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from saleor_lifecycle.domain.messages import Context, Purpose

from .blocks import LANGUAGES


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one message is made of, whatever the language."""

    key: str
    context: Context = Context.CUSTOMER
    blocks: tuple[str, ...] = ()
    button: str = "button"  # the word on it
    button_url: str = "shop.url"
    purpose: Purpose = Purpose.COMMERCIAL


_PLANS = (
    *(
        _Plan(f"abandoned-cart-{touch}", Context.CART, ("cart", *more, "prices"), "to_cart", "links.cart")
        for touch, more in ((1, ()), (2, ()), (3, ("voucher",)))
    ),
    *(
        _Plan(key, Context.OPT_IN, (), "confirm", "links.confirm", Purpose.SERVICE)
        for key in ("opt-in", "opt-in-reminder")
    ),
    _Plan("welcome"),
    _Plan("first-purchase-1"),
    _Plan("first-purchase-2"),
    _Plan("first-purchase-3", Context.OFFER, ("products", "prices")),
    _Plan("cross-sell", Context.OFFER, ("products", "prices")),
    _Plan("win-back-1", Context.OFFER, ("voucher", "products")),
    _Plan("win-back-2", Context.OFFER, ("voucher", "products")),
    _Plan("win-back-3", Context.OFFER, ("voucher", "products")),
    _Plan("review-request"),
)

_SLOT = re.compile(r"\[\[(\w+)\]\]")
_BLOCK = re.compile(r"^[ \t]*\[\[\?(\w+)\]\]\n(.*?)^[ \t]*\[\[/\1\]\]\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ReadyTemplate:
    """One message in one language, as a merchant would have written it."""

    key: str
    language: str
    context: Context
    purpose: Purpose
    subject: str
    mjml: str
    text: str


@cache
def ready_templates() -> tuple[ReadyTemplate, ...]:
    """Every ready template in every language."""
    return tuple(_compose(plan, language) for plan in _PLANS for language in LANGUAGES)


def _compose(plan: _Plan, language: str) -> ReadyTemplate:
    words = tomllib.loads(_read(f"words.{language}.toml"))
    slots: dict[str, Any] = {**words["every"], **words[plan.key], "language": language, "button_url": plan.button_url}
    slots["button"] = slots[plan.button]
    body: list[str] = slots["body"]
    kept = {*plan.blocks, "button", *(["commercial"] if plan.purpose is Purpose.COMMERCIAL else [])}
    return ReadyTemplate(
        key=plan.key,
        language=language,
        context=plan.context,
        purpose=plan.purpose,
        subject=slots["subject"],
        mjml=_fill(_keep(_read("frame.mjml"), kept), {**slots, "body": _as_html(body)}),
        text=_fill(_keep(_read("frame.txt"), kept), {**slots, "body": "\n".join(body)}),
    )


def _as_html(paragraphs: list[str]) -> str:
    points = [line.removeprefix("- ") for line in paragraphs if line.startswith("- ")]
    texts = [line for line in paragraphs if not line.startswith("- ")]
    html = "<br /><br />".join(texts)
    if points:
        html += '<br /><br /><ul class="points">' + "".join(f"<li>{point}</li>" for point in points) + "</ul>"
    return html


def _keep(source: str, blocks: Collection[str]) -> str:
    return _BLOCK.sub(lambda block: block[2] if block[1] in blocks else "", source)


def _fill(source: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: slots[slot[1]], source)


def _read(name: str) -> str:
    return (files("saleor_lifecycle") / "templates" / "messages" / name).read_text("utf-8")

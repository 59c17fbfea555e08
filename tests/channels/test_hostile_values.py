"""Whatever a shop's data hold, through the real rendering and the real building of the mail."""

from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.channels.blocks import plain_name, web_address
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.email import _build
from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.ready import ready_templates
from saleor_lifecycle.channels.render import Rendered, render
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.channels.templates import TemplateError, TemplateSource
from saleor_lifecycle.channels.utm import campaign, tag

READY = {
    ready.key: (ready.context, TemplateSource(ready.subject, compile_mjml(ready.mjml), ready.text, ready.language))
    for ready in ready_templates()
    if ready.language == "es" and ready.key in ("abandoned-cart-1", "cross-sell", "win-back-2", "opt-in")
}
NASTY = (
    *("{{ footer.tax_id }}", "{{", "}}", "{% assign x = 1 %}", "{% raw %}", "{%- if -%}", "[[heading]]", "xLiquid0x"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</a></td></table>", "<!--", "]]>", "&amp;#60;"),
    *("a\r\nBcc: x@evil.example", "\nSubject: other\n\nbody", "\x00", "\x0b\x1b[31m", "\u2028", "\u2029", "\x85"),
    *(
        "\u202eevil",
        "\u2066",
        "\u200f",
        "🎉👩‍👩‍👧‍👦",
        "\ud800",
        "\uffff",
        "ﷺ" * 50,
        "é" * 200,
        "A" * 10_000,
        "'",
        '"',
        "\\",
        "\t",
    ),
    *("javascript:alert(1)", "https://evil.example/", "=?utf-8?B?QmNj?=", ".", "\r\n.\r\n", "%0d%0a"),
)
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=30), max_size=3).map("".join)
LINKS = ("url", "logo", "image", "privacy_url", "cart", "unsubscribe", "preferences", "confirm", "color", "text_color")
"""What the app makes itself, or checks when it is saved."""


def fill(values: Any, draw: Any, name: str = "") -> Any:
    """The values with every text that comes from people or from the shop replaced."""
    if isinstance(values, dict):
        return {key: fill(value, draw, key) for key, value in values.items()}
    if isinstance(values, list):
        return [fill(value, draw, name) for value in values]
    return draw(name) if isinstance(values, str) and values and name not in (*LINKS, "currency", "because") else values


def built(words: Rendered, sender_name: str) -> EmailMessage:
    """The mail as a server would take it."""
    outgoing = Outgoing(
        message_id=UUID(int=1),
        sender_name=sender_name,
        sender_address="hello@shop.example",
        reply_to="",
        to_address="ada@example.com",
        subject=words.subject,
        html=words.html,
        text=words.text,
        language="es",
        unsubscribe_url="https://app.example/unsubscribe/token",
    )
    raw = _build(outgoing).message().as_bytes(linesep="\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\x00" not in raw
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


class Tags(HTMLParser):
    """What a reader's program would make of the HTML: elements with their attributes' names, and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Counter[tuple[str, ...]] = Counter()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[(tag, *(name for name, _ in attrs))] += 1
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


@pytest.mark.parametrize("key", READY)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_adds_no_element_no_header_and_no_link(key: str, data: st.DataObject) -> None:
    context, template = READY[key]
    harmless = sample_values(context, "es")
    drawn = cycle(data.draw(st.lists(texts, min_size=1, max_size=5)))
    hostile = fill(harmless, lambda _: next(drawn) + "x")
    said = campaign("email", data.draw(texts), "", ("https://shop.example",), "https://app.example")
    try:
        words = tag(render(template, hostile), said)
    except TemplateError as refused:
        if "limit" in str(refused):
            return
        raise
    expected = Tags(tag(render(template, harmless), said).html)
    found = Tags(words.html)
    if "mailto:" in words.html:  # the one link that a value stands in
        found.links = {link for link in found.links if not link.startswith("mailto:")}
        expected.links = {link for link in expected.links if not link.startswith("mailto:")}
    assert found.found == expected.found
    assert found.links == expected.links
    # What the brand's own check lets a sender be called.
    mail = built(words, "".join(sign for sign in hostile["shop"]["name"] if sign.isprintable())[:500])
    plain = built(tag(render(template, harmless), said), "Tienda Olmo")
    assert sorted(mail.keys()) == sorted(plain.keys())
    assert mail["To"] == "ada@example.com"
    assert "Bcc" not in mail
    assert len(str(mail["Subject"]).splitlines()) == 1
    assert not any(turning in str(mail["Subject"]) for turning in "\u202e\u2066")


@pytest.mark.parametrize("snippet", ["{{ footer.tax_id }}", "{% assign x = footer.tax_id %}{{ x }}", "[[heading]]"])
@pytest.mark.parametrize("key", READY)
def test_reads_no_liquid_in_values(key: str, snippet: str) -> None:
    context, template = READY[key]
    values = sample_values(context, "es")
    words = render(template, {**values, "customer": {"first_name": snippet}})
    assert snippet in words.text
    assert words.text.count(values["footer"]["tax_id"]) == 1


def marked(values: Any, mark: str) -> Any:
    return fill(values, lambda name: f"{name}-of-{mark}.")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(READY)), st.integers(0, 10**9)), min_size=2, max_size=6, unique=True))
def test_no_message_holds_anything_of_another(batch: list[tuple[str, int]]) -> None:
    for key, number in batch:
        context, template = READY[key]
        words = render(template, marked(sample_values(context, "es"), f"<{number}>"))
        for part, begin, end in ((words.html, "-of-&lt;", "&gt;."), (words.text, "-of-<", ">.")):
            held = {piece.partition(end)[0] for piece in part.split(begin)[1:]}
            assert held == {str(number)}


@given(texts)
def test_a_name_is_one_line_and_not_long(text: str) -> None:
    name = plain_name(text)
    assert len(name) <= 200
    assert name.splitlines() in ([], [name])
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")
    assert plain_name(name) == name


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://cdn.example/a.png?x=1", True),
        ("http://cdn.example/a.png", True),
        ("javascript:alert(1)", False),
        ("data:image/png;base64,AAAA", False),
        ("//cdn.example/a.png", False),
        ("https:///a.png", False),
        ('https://cdn.example/"onerror=x', False),
        ("https://cdn.example/a b", False),
        ("https://[broken", False),
    ],
)
def test_only_addresses_of_the_web_are_shown(address: str, expected: bool) -> None:
    assert web_address(address) == (address if expected else "")

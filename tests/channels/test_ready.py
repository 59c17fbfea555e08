import re
from html.parser import HTMLParser
from typing import Any

import pytest

from saleor_lifecycle.channels.blocks import LANGUAGES
from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.names import names_of
from saleor_lifecycle.channels.ready import ReadyTemplate, ready_templates
from saleor_lifecycle.channels.render import Rendered, check_template, render
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.messages import COMMERCIAL_NAMES, Context, Purpose

KEYS = (
    *("abandoned-cart-1", "abandoned-cart-2", "abandoned-cart-3", "opt-in", "opt-in-reminder", "welcome"),
    *("first-purchase-1", "first-purchase-2", "first-purchase-3", "cross-sell"),
    *("win-back-1", "win-back-2", "win-back-3", "review-request"),
)

every_template = pytest.mark.parametrize("ready", ready_templates(), ids=lambda ready: f"{ready.key}-{ready.language}")


def compiled(ready: ReadyTemplate) -> TemplateSource:
    return TemplateSource(ready.subject, compile_mjml(ready.mjml), ready.text, ready.language)


def rendered(ready: ReadyTemplate, **changes: Any) -> Rendered:
    values = sample_values(ready.context, ready.language)
    for group, change in changes.items():
        values[group] = {**values.get(group, {}), **change} if isinstance(change, dict) else change
    return render(compiled(ready), values)


def names_in(values: Any, path: str = "") -> set[str]:
    if isinstance(values, dict):
        return set().union(*(names_in(value, f"{path}.{key}".lstrip(".")) for key, value in values.items()))
    if isinstance(values, list):
        return set().union(*(names_in(value, f"{path}[]") for value in values))
    return {path}


def test_come_for_each_occasion_in_each_language() -> None:
    assert [(ready.key, ready.language) for ready in ready_templates()] == [
        (key, language) for key in KEYS for language in LANGUAGES
    ]


@pytest.mark.parametrize("context", Context)
@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_have_exactly_the_values_that_messages_have(language: str, context: Context) -> None:
    assert names_in(sample_values(context, language)) == names_of(context)


@every_template
def test_are_commercial_but_for_those_that_ask_for_consent(ready: ReadyTemplate) -> None:
    is_asking = ready.context is Context.OPT_IN
    assert (ready.purpose is Purpose.SERVICE) is is_asking
    assert ("links.unsubscribe" in ready.mjml) is not is_asking
    assert not is_asking or not any(
        f"{group}." in ready.mjml or f"{group}[" in ready.mjml for group in COMMERCIAL_NAMES
    )


@every_template
def test_pass_the_check_that_a_merchants_own_must_pass(ready: ReadyTemplate) -> None:
    assert "[[" not in ready.mjml + ready.text + ready.subject
    check_template(compiled(ready), names_of(ready.context), sample_values(ready.context, ready.language))


@every_template
def test_show_what_they_are_about_the_links_and_who_writes(ready: ReadyTemplate) -> None:
    message = rendered(ready)
    values = sample_values(ready.context, ready.language)
    shown = [*values["links"].values(), *values["footer"].values(), "Lucía"]
    if ready.context is Context.CART:
        shown += [line["product"] for line in values["cart"]["lines"]]
        shown += ["138.80" if ready.language == "en" else "138,80\u00a0€"]
    if ready.context is Context.OFFER:
        shown += [product["name"] for product in values["recommendations"]["products"]]
        shown += [product["url"] for product in values["recommendations"]["products"]]
        shown += ["98.00" if ready.language == "en" else "98,00\u00a0€", values["recommendations"]["product"]]
    if ready.key.startswith("win-back") or ready.key == "abandoned-cart-3":
        shown += [values["voucher"]["code"], values["voucher"]["worth"], values["voucher"]["until"]]
        shown += values["voucher"]["conditions"]
    for part in (message.html, message.text):
        assert [text for text in shown if text not in part] == []


@every_template
def test_hold_together_with_everything_optional_empty(ready: ReadyTemplate) -> None:
    footer = dict.fromkeys(("company", "tax_id", "address", "email", "privacy_url", "reason"), "")
    message = rendered(
        ready,
        customer={"first_name": ""},
        shop={"url": "", "logo": ""},
        footer=footer,
        cart={"lines": []},
        recommendations={"because": "", "product": "", "products": []},
        voucher={"code": "", "worth": "", "until": "", "conditions": []},
        products=[],
    )

    assert ", <" not in message.html
    assert 'href=""' not in message.html
    assert 'src=""' not in message.html
    assert "mailto:" not in message.html
    assert "Lucía" not in message.text


@pytest.mark.parametrize("key", ["abandoned-cart-3", "win-back-3"])
@pytest.mark.parametrize(("language", "said"), [("en", "a code for you alone"), ("es", "un código solo para ti")])
def test_speak_of_a_code_only_where_there_is_one(key: str, language: str, said: str) -> None:
    ready = next(one for one in ready_templates() if (one.key, one.language) == (key, language))
    with_code = rendered(ready)
    without = rendered(ready, voucher={"code": "", "worth": "", "until": "", "conditions": []})
    for part in ("html", "text"):
        assert said in getattr(with_code, part)
        assert said not in getattr(without, part)
    assert with_code.subject != without.subject
    assert 'ticket"' not in without.html


@every_template
def test_fetch_nothing_but_the_shops_own_pictures(ready: ReadyTemplate) -> None:
    message = rendered(ready, shop={"logo": "https://shop.example/logo.png"})

    assert re.findall(r'src="([^"]*)"', message.html) == ["https://shop.example/logo.png"]
    assert "@import" not in message.html
    assert "<link" not in message.html
    assert "url(" not in message.html


@every_template
def test_are_light_and_speak_to_every_reader(ready: ReadyTemplate) -> None:
    message = rendered(ready, shop={"logo": "https://shop.example/logo.png"})

    assert len(message.html.encode()) < 60_000
    assert f'<html lang="{ready.language}"' in message.html
    assert '<meta name="color-scheme" content="light dark"' in message.html
    assert "prefers-color-scheme: dark" in message.html
    assert all("alt=" in image for image in re.findall(r"<img [^>]*>", message.html))


@every_template
def test_do_not_press(ready: ReadyTemplate) -> None:
    parts = "\n".join((ready.subject, ready.mjml, ready.text))
    words = re.sub(r"<mj-style.*?</mj-style>|\{\{.*?\}\}|\{%.*?%\}", "", parts, flags=re.S)

    assert "!" not in words.replace("<!--", "")
    assert not re.search(r"\b(hurry|only \d|last chance|date prisa|solo quedan|última oportunidad)\b", words, re.I)


def test_escape_what_strangers_typed() -> None:
    message = rendered(ready_templates()[0], customer={"first_name": '"><script>alert(1)</script>'})

    found: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            found.append(tag)

    Tags().feed(message.html)
    assert "script" not in found


@pytest.mark.parametrize(
    "ready",
    [ready for ready in ready_templates() if ready.context is Context.OPT_IN],
    ids=lambda ready: f"{ready.key}-{ready.language}",
)
def test_a_form_is_confirmed_by_a_button_and_offers_nothing_else(ready: ReadyTemplate) -> None:
    message = rendered(ready)
    values = sample_values(ready.context, ready.language)
    for part in (message.html, message.text):
        assert values["links"]["confirm"] in part
        assert "/unsubscribe/" not in part
        assert values["footer"]["company"] in part

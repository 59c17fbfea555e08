import re
from html.parser import HTMLParser
from typing import Any

import pytest

from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.ready import (
    CART_KEYS,
    CART_NAMES,
    LANGUAGES,
    ReadyTemplate,
    ready_templates,
    sample_values,
)
from saleor_lifecycle.channels.render import Rendered, check_template, render
from saleor_lifecycle.channels.templates import TemplateSource

every_template = pytest.mark.parametrize("ready", ready_templates(), ids=lambda ready: f"{ready.key}-{ready.language}")


def compiled(ready: ReadyTemplate) -> TemplateSource:
    return TemplateSource(ready.subject, compile_mjml(ready.mjml), ready.text, ready.language)


def rendered(ready: ReadyTemplate, **changes: dict[str, Any]) -> Rendered:
    values = sample_values(ready.language)
    for group, change in changes.items():
        values[group] = {**values[group], **change}
    return render(compiled(ready), values)


def names_in(values: Any, path: str = "") -> set[str]:
    if isinstance(values, dict):
        return set().union(*(names_in(value, f"{path}.{key}".lstrip(".")) for key, value in values.items()))
    if isinstance(values, list):
        return set().union(*(names_in(value, f"{path}[]") for value in values))
    return {path}


def test_come_for_each_touch_in_each_language() -> None:
    assert [(ready.key, ready.language) for ready in ready_templates()] == [
        (key, language) for key in CART_KEYS for language in LANGUAGES
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_have_exactly_the_values_that_messages_have(language: str) -> None:
    assert names_in(sample_values(language)) == CART_NAMES


@every_template
def test_pass_the_check_that_a_merchants_own_must_pass(ready: ReadyTemplate) -> None:
    assert "[[" not in ready.mjml + ready.text + ready.subject
    check_template(compiled(ready), CART_NAMES, sample_values(ready.language))


@every_template
def test_show_the_cart_the_links_and_who_writes(ready: ReadyTemplate) -> None:
    message = rendered(ready)
    values = sample_values(ready.language)
    for part in (message.html, message.text):
        for shown in (
            *(line["product"] for line in values["cart"]["lines"]),
            *values["links"].values(),
            *values["footer"].values(),
            "Lucía",
            "138.80" if ready.language == "en" else "138,80\u00a0€",
        ):
            assert shown in part


@every_template
def test_hold_together_with_everything_optional_empty(ready: ReadyTemplate) -> None:
    footer = dict.fromkeys(("company", "tax_id", "address", "email", "privacy_url", "reason"), "")
    message = rendered(
        ready, customer={"first_name": ""}, shop={"url": "", "logo": ""}, footer=footer, cart={"lines": []}
    )

    assert ", <" not in message.html
    assert 'href=""' not in message.html
    assert 'src=""' not in message.html
    assert "mailto:" not in message.html
    assert "Lucía" not in message.text


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
    words = ready.subject + re.sub(
        r"<style.*?</style>|<mj-style.*?</mj-style>|\{.*?\}+", "", ready.mjml + ready.text, flags=re.S
    )

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

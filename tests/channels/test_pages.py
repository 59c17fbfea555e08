import re

import pytest
from django.template.loader import render_to_string

from saleor_lifecycle.web.words import page_language, words

STATES = [
    *(("unsubscribe", state) for state in ("ask", "done", "late", "already", "broken")),
    *(("preferences", state) for state in ("choose", "saved", "partly", "no_good", "broken")),
    *(("subscribe", state) for state in ("sent", "no_address", "too_many", "broken")),
    *(("confirm", state) for state in ("ask", "done", "already", "expired", "broken")),
    *(("sender", state) for state in ("ask", "done", "already", "expired", "broken")),
    *(("cart_link", state) for state in ("expired", "ordered", "gone", "broken", "shop_away")),
]
every_page = pytest.mark.parametrize(("page", "state"), STATES)
every_language = pytest.mark.parametrize("language", ["en", "es"])


def shown(page: str, state: str, language: str, **context: str) -> str:
    context = {"shop_name": "Tienda Olmo", "storefront_url": "https://shop.example", **context}
    return render_to_string(
        f"lifecycle/{page}.html", {"language": language, "words": words(language, page, state), **context}
    )


@every_page
@every_language
def test_say_their_words_and_fetch_nothing(page: str, state: str, language: str) -> None:
    html = shown(page, state, language)

    said = words(language, page, state)
    assert f'<html lang="{language}">' in html
    assert f"<h1>{said['heading']}</h1>" in html
    assert said["text"] in html
    addresses = ["data:,"] + ["https://shop.example"] * (page not in ("preferences", "sender"))
    assert re.findall(r'(?:src|href)="([^"]*)"', html.replace('href=""', "")) == addresses
    assert "<script" not in html


@every_page
@every_language
def test_do_without_a_shops_name_and_address(page: str, state: str, language: str) -> None:
    html = shown(page, state, language, shop_name="", storefront_url="")

    assert words(language, page, state)["shop"] not in html
    assert 'class="shop"' not in html


@every_page
def test_only_the_question_has_a_form(page: str, state: str) -> None:
    assert ('<form method="post">' in shown(page, state, "en")) == (state == "ask")


def test_escape_the_shops_name() -> None:
    assert "<i>" not in shown("unsubscribe", "ask", "en", shop_name="<i>")


@pytest.mark.parametrize(
    ("asked", "spoken"), [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("en-GB", "en"), ("de", "en"), ("", "en")]
)
def test_speak_the_nearest_language(asked: str, spoken: str) -> None:
    assert page_language(asked) == spoken
    assert words(asked, "unsubscribe", "done") == words(spoken, "unsubscribe", "done")

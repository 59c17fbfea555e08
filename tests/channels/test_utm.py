from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.channels.render import Rendered
from saleor_lifecycle.channels.utm import Campaign, add, campaign, passed_on, tag

SHOP = ("https://shop.example", "https://checkout.shop.example/?id={checkout_id}", "")
SAID = campaign("email", "win back & more", "touch-1", SHOP, "https://app.example/")
MARK = "utm_source=lifecycle&utm_medium=email&utm_campaign=win+back+%26+more&utm_content=touch-1"


def tagged(address: str, said: Campaign = SAID) -> str:
    words = tag(Rendered("s", f'<p><a class="x" href="{address}">x</a></p>', f"See {address}."), said)
    (link,) = [part.partition('"')[0] for part in words.html.split('href="')[1:]]
    assert words.text == f"See {unescape(link)}."
    return unescape(link)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://shop.example", f"https://shop.example?{MARK}"),
        ("https://shop.example/", f"https://shop.example/?{MARK}"),
        ("https://www.shop.example/a", f"https://www.shop.example/a?{MARK}"),
        ("HTTPS://SHOP.example/a", f"HTTPS://SHOP.example/a?{MARK}"),
        ("https://shop.example/a?b=c%20d#top", f"https://shop.example/a?b=c%20d&{MARK}#top"),
        ("https://checkout.shop.example/x", f"https://checkout.shop.example/x?{MARK}"),
        ("https://app.example/cart/token", f"https://app.example/cart/token?{MARK}"),
    ],
)
def test_links_to_the_shop_say_which_message_they_stood_in(address: str, expected: str) -> None:
    assert tagged(address) == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example/unsubscribe/token",
        "https://app.example/preferences/token",
        "https://other.example/?next=https://shop.example",
        "https://shop.example.evil.example/",
        "https://notshop.example/",
        "mailto:hola@shop.example",
        "tel:+34910000000",
        "https://[broken",
    ],
)
def test_other_links_stay_as_they_are(address: str) -> None:
    assert tagged(address) == address


def test_on_a_host_that_we_share_with_the_shop_our_own_links_stay() -> None:
    said = campaign("email", "f", "", SHOP, "https://shop.example/lifecycle")
    assert (
        tagged("https://shop.example/lifecycle/unsubscribe/t", said) == "https://shop.example/lifecycle/unsubscribe/t"
    )
    assert "utm_medium=email" in tagged("https://shop.example/lifecycle/cart/t", said)
    assert "utm_content" not in tagged("https://shop.example/lifecycles", said)


def test_what_a_link_says_already_is_kept() -> None:
    link = tagged("https://shop.example/?utm_campaign=spring&utm_source=")
    assert link == "https://shop.example/?utm_campaign=spring&utm_source=&utm_medium=email&utm_content=touch-1"


def test_escapes_are_read_and_written_back() -> None:
    words = tag(Rendered("s", "<a href='https://shop.example/?a=1&amp;b=&quot;'>x</a>", ""), SAID)
    assert words.html.startswith('<a href="https://shop.example/?a=1&amp;b=&quot;&amp;utm_source=lifecycle&amp;')


def test_only_what_analytics_know_is_passed_on() -> None:
    assert passed_on({"utm_source": "lifecycle", "utm_content": "", "next": "x", "utm_campaign": "y" * 200}) == {
        "utm_source": "lifecycle",
        "utm_campaign": "y" * 100,
    }


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(("utm_source", "utm_campaign")), st.text(max_size=20)))
def test_adding_keeps_all_that_was_there(rest: str, params: dict[str, str]) -> None:
    address = f"https://shop.example/{rest}"
    added = add(address, params)
    assert added.partition("#")[2] == address.partition("#")[2]
    assert added.partition("#")[0].startswith(address.partition("#")[0].rstrip("&").rstrip("?"))
    held = {name for name, _ in parse_qsl(address.partition("#")[0].partition("?")[2], keep_blank_values=True)}
    said = dict(parse_qsl(added.partition("#")[0].partition("?")[2], keep_blank_values=True))
    assert all(said[name] == value for name, value in params.items() if name not in held)
    assert urlsplit(added.partition("#")[0]).path == urlsplit(address.partition("#")[0]).path

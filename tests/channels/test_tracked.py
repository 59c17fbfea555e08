import re
from html import unescape
from uuid import UUID

import pytest

from saleor_lifecycle.channels.links import (
    LONGEST_TARGET,
    Click,
    Link,
    LinkBroken,
    click_url,
    open_url,
    read_click,
    read_open,
)
from saleor_lifecycle.channels.render import Rendered
from saleor_lifecycle.channels.tracked import track

LINK = Link(UUID("0192f0aa-0000-7000-8000-000000000001"), UUID("0192f0aa-0000-7000-8000-0000000000ff"))
OWN = "https://app.example"
WORDS = Rendered(
    "Hello",
    """<html><body><a href="https://shop.example/a?x=1&amp;y=2">a</a><A class="b" HREF='https://shop.example/b'>b</A>
<a href="https://shop.example/a?x=1&amp;y=2">a again</a><a href="https://app.example/cart/token">cart</a>
<a href="https://app.example/unsubscribe/token">stop</a><a href="https://app.example/preferences/token">choose</a>
<a href="mailto:hola@shop.example">write</a><a href="tel:+34900000000">call</a><a href="#top">top</a>
<a href="javascript:alert(1)">no</a><a name="x">anchor</a><img src="https://shop.example/picture.png">
<a href="https://www.example.org/ñ">ñ</a></body></html>""",
    "Hello: https://shop.example/a",
)


def hrefs(html: str) -> list[str]:
    return [unescape(found) for found in re.findall(r"""href=["'](.*?)["']""", html, re.IGNORECASE)]


def test_leads_each_link_by_way_of_us_and_leaves_those_that_are_the_persons_own() -> None:
    tracked = track(WORDS, LINK, OWN, is_tracked=True)
    assert (tracked.subject, tracked.text) == (WORDS.subject, WORDS.text)
    led = {}
    for before, after in zip(hrefs(WORDS.html), hrefs(tracked.html), strict=True):
        if before == after:
            continue
        click = read_click(after.removeprefix(f"{OWN}/c/"))
        assert (click.message, click.url, click.links) == (LINK, before, 4)
        led[before] = click.place
    assert led == {
        "https://shop.example/a?x=1&y=2": 0,
        "https://shop.example/b": 1,
        "https://app.example/cart/token": 2,
        "https://www.example.org/ñ": 3,
    }
    (picture,) = re.findall(r'<img src="(https://app.example/o/[^"]*)"', tracked.html)
    assert read_open(picture.removeprefix(f"{OWN}/o/").removesuffix(".gif")) == LINK
    assert tracked.html.endswith("</body></html>")
    assert '<img src="https://shop.example/picture.png">' in tracked.html


def test_leaves_the_words_as_they_are_where_nothing_may_be_known() -> None:
    assert track(WORDS, LINK, OWN, is_tracked=False) is WORDS


def test_leaves_a_link_that_is_too_long() -> None:
    longest = "https://shop.example/".ljust(LONGEST_TARGET, "x")
    html = f'<a href="{longest}">a</a><a href="{longest}x">b</a>'
    first, second = hrefs(track(Rendered("", html, ""), LINK, OWN, is_tracked=True).html)
    assert read_click(first.removeprefix(f"{OWN}/c/")).url == longest
    assert len(first) < 1800
    assert second == f"{longest}x"


@pytest.mark.parametrize(
    "url",
    [
        *("", "shop.example", "/cart", "//evil.example", "ftp://shop.example/", "javascript:alert(1)"),
        *("https://", "https:///x", "https://[::1", "https://a b/", "https://a/\nX: y", "data:text/html,x"),
    ],
)
def test_signs_nothing_that_is_no_address_of_the_web(url: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        click_url(OWN, Click(LINK, 0, 1, url))


def test_a_picture_is_no_link_and_a_link_no_picture() -> None:
    clicked = click_url("", Click(LINK, 0, 1, "https://shop.example/")).removeprefix("/c/")
    opened = open_url("", LINK).removeprefix("/o/").removesuffix(".gif")
    with pytest.raises(LinkBroken):
        read_open(clicked)
    with pytest.raises(LinkBroken):
        read_click(opened)

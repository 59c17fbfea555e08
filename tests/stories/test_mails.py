"""How the ready templates look: in a real browser, at the widths of a phone and of a desk, in light and in dark.

The pictures are kept in .cache/mails, to be looked at.
"""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.ready import ReadyTemplate, ready_templates
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.messages import Context

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium")

PICTURES = Path(__file__).parents[2] / ".cache" / "mails"
LOOKS = [(600, "light"), (600, "dark"), (320, "light"), (320, "dark")]
OFFERED = ("products", "recommendations")

LONG = "Handwoven merino blanket with a fringe of four colours, " * 3
WHOLE = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = "كوب خزفي مصنوع يدويا (750 مل) \u200f"

READABLE = """() => {
  const parse = text => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return {r, g, b, a}; };
  const light = ({r, g, b}) => [r, g, b].map(value => value / 255)
    .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.a === 1) return color;
    }
    return {r: 255, g: 255, b: 255};
  };
  const faults = [];
  for (const element of document.body.querySelectorAll('*')) {
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const box = element.getBoundingClientRect();
    if (!says || box.width < 2 || box.height < 2) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faults.push(`${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return faults;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def picture(route: Route) -> None:
    """The shop's picture of that name; wide, tall or square. Nothing else is there to be fetched."""
    width, height = {"wide": (640, 240), "tall": (240, 640)}.get(route.request.url.rpartition("/")[2], (480, 480))
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#c9744a"/><circle cx="{width / 2}" cy="{height / 2}" '
        f'r="{min(width, height) / 3}" fill="#f5e6d8"/></svg>'
    )
    if route.request.url.startswith("https://shop.example/"):
        route.fulfill(body=drawn, content_type="image/svg+xml")
    else:
        route.abort()


def look(browser: Browser, ready: ReadyTemplate, values: dict[str, Any], name: str) -> list[str]:
    """Show the mail in every look and keep the pictures; return what can be measured to be wrong with each."""
    source = TemplateSource(ready.subject, compile_mjml(ready.mjml), ready.text, ready.language)
    html = render(source, values).html
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = []
    for width, scheme in LOOKS:
        page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
        page.route("**/*", picture)
        page.set_content(html, wait_until="load")
        page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
        faults += [f"{width} {scheme}: {fault}" for fault in _faults(page)]
        page.close()
    return faults


def _faults(page: Page) -> Iterator[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        yield f"{wide} px too wide"
    # What a rounded corner hides is not scrolled to.
    yield from page.evaluate(
        """[...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 3).map(one => `cut off: ${one.tagName} ${one.textContent.trim().slice(0, 40)}`)"""
    )
    yield from page.evaluate(READABLE)
    for button in page.locator(".button a").all():
        box = button.bounding_box()
        if box is None or box["height"] < 44 or box["width"] < 44:
            yield f"a button of {box}"
    if page.locator("h1").count() != 1:
        yield "not one heading"
    if unnamed := page.locator("img:not([alt]), img[alt='']").count():
        yield f"{unnamed} pictures without words"


@pytest.mark.parametrize("ready", ready_templates(), ids=lambda ready: f"{ready.key}-{ready.language}")
def test_each_looks_right(browser: Browser, ready: ReadyTemplate) -> None:
    values = sample_values(ready.context, ready.language)
    for group in OFFERED:
        pictured(values, group)
    assert look(browser, ready, values, f"{ready.key}-{ready.language}") == []


def pictured(values: dict[str, Any], group: str) -> None:
    listed = values.get(group, [])
    products = listed["products"] if isinstance(listed, dict) else listed
    for product, shape in zip(products, ("square", "wide", "tall", "square"), strict=False):
        product["image"] = f"https://shop.example/{shape}"


def extreme(context: Context, language: str) -> dict[str, Any]:
    """Names that are long, unbroken and from right to left; as many lines as a mail shows; a picture here and there."""
    values = sample_values(context, language)
    names = [LONG, WHOLE, ARABIC, "A"]
    if "cart" in values:
        values["cart"]["lines"] = [
            {
                **{"product": names[number % 4], "variant": names[-number % 4], "quantity": 10 ** (number % 4)},
                **{"total": Decimal("1234567.89"), "currency": "PLN", "image_alt": names[number % 4]},
                "image": "https://shop.example/tall" if number % 3 == 0 else "",
            }
            for number in range(40)
        ]
        values["cart"] |= {"total": Decimal("49382715.60"), "currency": "PLN"}
    if "voucher" in values:
        values["voucher"] |= {"code": "X" * 60, "conditions": [LONG, ARABIC, WHOLE]}
        shown = [
            {
                **{"name": names[number % 4], "url": "https://shop.example", "price": Decimal("1234567.89")},
                **{"currency": "PLN", "is_from": True, "was": Decimal("2345678.90"), "image_alt": names[number % 4]},
                "image": "https://shop.example/wide" if number % 3 == 0 else "",
            }
            for number in range(12)
        ]
        values["products"], values["recommendations"]["products"] = shown, shown
        values["recommendations"]["product"] = WHOLE
    values["shop"] |= {"name": WHOLE, "logo": "https://shop.example/wide"}
    values["footer"]["address"] = LONG
    return values


@pytest.mark.parametrize("key", ["abandoned-cart-2", "cross-sell", "win-back-2", "opt-in"])
def test_hold_together_with_extreme_values(browser: Browser, key: str) -> None:
    ready = next(one for one in ready_templates() if (one.key, one.language) == (key, "es"))
    assert look(browser, ready, extreme(ready.context, "es"), f"{key}-extreme") == []


@pytest.mark.parametrize("key", ["abandoned-cart-1", "first-purchase-3", "win-back-3"])
def test_look_right_without_pictures(browser: Browser, key: str) -> None:
    ready = next(one for one in ready_templates() if (one.key, one.language) == (key, "en"))
    assert look(browser, ready, sample_values(ready.context, "en"), f"{key}-bare") == []

"""The frame of every page: one style sheet, nothing from elsewhere; only the stand-in Dashboard adds scripts."""

from pathlib import Path

from markupsafe import Markup

_STYLE = Markup(Path(__file__).with_name("style.css").read_text())


def document(title: str, body: Markup, header: Markup, language: str = "en") -> str:
    """A whole HTML page."""
    return Markup(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><style>{}</style></head>'
        "<body><header><div>{}</div></header><main>{}</main></body></html>"
    ).format(language, title, _STYLE, header, body)


def tool_header() -> Markup:
    """The header of the pages that are no part of the shop."""
    return Markup(
        '<a class="brand" href="/sandbox">Sandbox</a><a href="/">Shop</a><a href="/mail/">Mailbox</a>'
        '<a href="/deliveries">Deliveries</a><a href="/dashboard-host/">Dashboard</a>'
    )

"""The plain text of a message whose author wrote none, made from its MJML when it is saved.

From the MJML and not from what it was compiled to: there each text lies in nested tables of layout, which the
libraries for this draw as columns, and the Liquid between them is lost. MJML's own elements say what is read.
"""

import re
from html.parser import HTMLParser

from .marks import mark
from .mjml import PART, without_comments

_SILENT = {"mj-head", "style", "script", "mj-style", "title"}
_APART = {"mj-text", "mj-button", "mj-table", "mj-divider", "mj-image", "p", "ul", "ol", "table", "blockquote"}
_APART |= {f"h{level}" for level in range(1, 7)}
_LINE = {"br", "tr", "div", "li", *_APART}
_TEXTUAL = {"mj-text", "mj-button", "mj-table", "mj-raw", "mj-navbar-link", "mj-social-element", "mj-accordion-title"}
_TEXTUAL |= {"mj-accordion-text"}
_VOID = {"br", "hr", "img", "col"}


class _Reader(HTMLParser):
    """Collects what is read; an element that MJML only lays out with says nothing itself."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = self._textual = 0
        self._links: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._silent += tag in _SILENT
        self._textual += tag in _TEXTUAL
        if self._silent:
            return
        if tag in _LINE:
            self.parts.append("\n\n" if tag in _APART else "\n")
        if tag == "li":
            self.parts.append("- ")
        if tag == "td":
            self.parts.append(" ")
        if tag in ("img", "mj-image") and values.get("alt"):
            self.parts.append(values["alt"])
        if values.get("href"):
            self._links.append((tag, values["href"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT
        self._textual -= tag in _TEXTUAL
        if self._links and self._links[-1][0] == tag:
            _, address = self._links.pop()
            if not address.startswith(("mailto:", "tel:", "#")):  # those stand on what they are already
                self.parts.append(f":\n{address}" if tag == "mj-button" else f" ({address})")
        if not self._silent and tag in _LINE:
            self.parts.append("\n\n" if tag in _APART else "\n")

    def handle_data(self, data: str) -> None:
        if self._textual and not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(mjml: str) -> str:
    """The words of an MJML document, links behind what they are on, its Liquid kept."""
    marked = mark(PART, without_comments(mjml))
    reader = _Reader()
    reader.feed(marked.text)
    reader.close()
    lines = [re.sub(r" +", " ", line).strip() for line in "".join(reader.parts).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return marked.restore(text)

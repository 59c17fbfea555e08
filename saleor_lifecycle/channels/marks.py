"""Liquid taken out of a text for whoever reads the rest of it, and put back after.

``{% if a < b %}`` and quotes within quotes are no XML. The pieces are found in one pass, and a piece that is not
closed, or very long, is refused here: python-liquid's own search takes minutes for a few thousand open braces.
"""

import re
from dataclasses import dataclass

from .faults import Fault, FaultCode, TemplateError

LONGEST_PIECE = 1_000
_OPEN = re.compile(r"\{\{|\{%")
_CLOSED_BY = {"{{": "}}", "{%": "%}"}
_MARK = re.compile(r"xLiquid(\d+)x")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks in place of its Liquid."""

    text: str
    liquid: tuple[str, ...]

    def restore(self, text: str) -> str:
        """Return a text with its Liquid again."""
        return _MARK.sub(lambda mark: self.liquid[int(mark[1])], text)

    def line(self, position: int) -> int:
        """Return the line of a place in the marked text, as the author of the source counts."""
        return self.restore(self.text[:position]).count("\n") + 1

    def lost_in(self, text: str) -> str | None:
        """Return the first piece of Liquid that a text made of this one has no mark of."""
        lost = set(range(len(self.liquid))) - {int(number) for number in _MARK.findall(text)}
        return self.liquid[min(lost)] if lost else None


def mark(part: str, source: str) -> Marked:
    """Return the text with its Liquid taken out. Raises TemplateError for a mark in it, and as ``pieces`` does."""
    if reserved := _MARK.search(source):
        raise TemplateError([Fault(FaultCode.RESERVED, part, _line(source, reserved.start()), reserved[0])])
    texts: list[str] = []
    liquid: list[str] = []
    end = 0
    for start, stop in pieces(part, source):
        texts += [source[end:start], f"xLiquid{len(liquid)}x"]
        liquid.append(source[start:stop])
        end = stop
    return Marked("".join([*texts, source[end:]]), tuple(liquid))


def pieces(part: str, source: str) -> list[tuple[int, int]]:
    """Return where each piece of Liquid begins and ends. Raises TemplateError for one that does not end soon."""
    found, end = [], 0
    while opened := _OPEN.search(source, end):
        start = opened.start()
        close = source.find(_CLOSED_BY[opened[0]], start + 2, start + LONGEST_PIECE)
        if close < 0 or _OPEN.search(source, start + 2, close):
            raise TemplateError([Fault(FaultCode.NEVER_CLOSED, part, _line(source, start), source[start : start + 20])])
        end = close + 2
        found.append((start, end))
    return found


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1

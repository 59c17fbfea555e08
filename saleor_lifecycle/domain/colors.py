"""Colours of the web, and whether words can be read on them."""

import re

_HEX = re.compile(r"#[0-9a-f]{6}")
DARK, LIGHT = "#000000", "#ffffff"
READABLE = 4.5
"""The contrast that words need at least: WCAG 2.2, criterion 1.4.3, level AA."""


def is_color(text: str) -> bool:
    """Is it a colour as it is stored, such as ``#16161a``?"""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(color: str) -> str:
    """Return the colour for words on that one: light or dark, whichever is read better. One of them always can be."""
    return max((LIGHT, DARK), key=lambda words: contrast(words, color))


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

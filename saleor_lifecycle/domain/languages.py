"""Languages by their BCP-47 tags: written one way, and the order in which one stands in for another."""

import re

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?")
LAST = "en"


def read_language(text: str) -> str:
    """Return the tag as it is stored: ``es``, ``es-MX``, ``zh-Hant-TW``. Raises ValueError for what is none."""
    found = _TAG.fullmatch(text.strip().replace("_", "-").lower())
    if found is None:
        raise ValueError("a language is named like es, es-MX or zh-Hant")
    base, script, region = found.groups()
    return "-".join(part for part in (base, script and script.title(), region and region.upper()) if part)


def fallbacks(language: str, main: str) -> tuple[str, ...]:
    """Return where to look for words in a language: itself, its base, the shop's main language, then English."""
    return tuple(dict.fromkeys([*_widening(language), *_widening(main), LAST]))


def _widening(language: str) -> list[str]:
    parts = language.split("-") if language else []
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]

"""The GraphQL documents: kept as files so that people and the code generator read the same text."""

import re
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_SPREAD = re.compile(r"\.\.\.\s*(?!on\b)([A-Za-z_]\w*)")
_FRAGMENT = re.compile(r"^fragment\s+(\w+)\s+on\b", re.MULTILINE)


@cache
def folder() -> Path:
    """The folder of Saleor's documents: inside the package in a wheel, beside it in a checkout."""
    for home in (_PACKAGE, _PACKAGE.parent):
        if (home / "graphql" / "saleor").is_dir():
            return home / "graphql" / "saleor"
    raise FileNotFoundError("graphql/saleor is neither in the package nor beside it")


@cache
def subscriptions() -> dict[str, str]:
    """Each webhook's document by its name, in the order of the names, with the fragments that it needs."""
    return {path.stem: with_fragments(_read(path)) for path in sorted((folder() / "subscriptions").iterdir())}


def with_fragments(document: str) -> str:
    """The document followed by every fragment that it uses, directly or through another."""
    known = _fragments()
    needed: list[str] = []
    waiting = _SPREAD.findall(document)
    while waiting:
        name = waiting.pop(0)
        if name not in needed:
            needed.append(name)
            waiting.extend(_SPREAD.findall(known[name]))
    return "\n\n".join([document, *(known[name] for name in needed)])


@cache
def _fragments() -> dict[str, str]:
    texts = [_read(path) for path in sorted((folder() / "fragments").iterdir())]
    return {name: text for text in texts for name in _FRAGMENT.findall(text)}


def _read(path: Path) -> str:
    # Comments are for whoever reads the file; Saleor stores what it is sent.
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#")).strip()

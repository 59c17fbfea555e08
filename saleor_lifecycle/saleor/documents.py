"""The GraphQL documents: kept as files so that people and the code generator read the same text.

What stands in ``before_<version>`` takes the place of the file of the same name, in shops older than that version.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from saleor_lifecycle.saleor.versions import NEWEST, Version, read_version

SINCE: Mapping[tuple[str, str], Version] = {
    ("queries", "phase_attribute"): (3, 23, 0),
    ("mutations", "assign_phase_attribute"): (3, 23, 0),
    ("mutations", "create_problem"): (3, 22, 36),
    ("mutations", "dismiss_problem"): (3, 22, 36),
}
"""Documents that are sent to no older shop, because nothing there could answer them."""

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
def subscriptions(version: Version = NEWEST) -> dict[str, str]:
    """Each webhook's document by its name, as that Saleor reads it, in the order of the names."""
    names = sorted(path.stem for path in (folder() / "subscriptions").iterdir())
    return {name: document("subscriptions", name, version) for name in names}


@cache
def document(kind: str, name: str, version: Version = NEWEST) -> str:
    """A document as that Saleor reads it, with the fragments that it needs; ``kind`` is its folder."""
    return with_fragments(_read(_older(kind, name, version) or folder() / kind / f"{name}.graphql"))


def is_older(kind: str, name: str, version: Version) -> bool:
    """True when that Saleor is asked by another document than the one which the client was generated from."""
    return _older(kind, name, version) is not None


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
def _older(kind: str, name: str, version: Version) -> Path | None:
    """The file of the oldest change since that version: it was right until then."""
    changes = {read_version(home.name.removeprefix("before_")): home for home in folder().glob("before_*")}
    files = (changes[change] / kind / f"{name}.graphql" for change in sorted(changes) if version < change)
    return next((file for file in files if file.exists()), None)


@cache
def _fragments() -> dict[str, str]:
    texts = [_read(path) for path in sorted((folder() / "fragments").iterdir())]
    return {name: text for text in texts for name in _FRAGMENT.findall(text)}


def _read(path: Path) -> str:
    # Comments are for whoever reads the file; Saleor stores what it is sent.
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#")).strip()

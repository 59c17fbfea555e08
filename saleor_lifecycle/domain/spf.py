"""SPF records (RFC 7208): their terms, the questions that they cost, and what one ought to say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MOST_LOOKUPS = 10
"""Questions that one check may cost (4.6.4); a record that needs more is an error to whoever receives."""
_CAPPED_AT = 50
"""Where counting ends: records may include each other."""

_ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
_MECHANISMS = _ASKING | {"all", "ip4", "ip6"}
_TERM = re.compile(r"(?P<sign>[+\-?~]?)(?P<name>[a-z0-9]+)(?P<rest>(?:[:/].*)?)", re.IGNORECASE)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9._-]*)=(?P<value>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """``include:spf.example.com`` and its like, or ``redirect=``; the domain in it is in lower case."""

    sign: str
    name: str
    value: str


@dataclass(slots=True)
class Walked:
    """What a check of a domain would go through."""

    lookups: int = 0
    names: set[str] = field(default_factory=set)  # that are included, or led to
    end: str = ""  # the sign of "all", "" where none is reached
    invalid: str = ""  # the first term or record that cannot be read
    broken: str = ""  # the first name that is included and has no record, or several
    is_unknown: bool = False  # a part did not answer


def records(texts: Sequence[str]) -> tuple[str, ...]:
    """Return those of a name's TXT records that are SPF's (4.5)."""
    return tuple(text for text in texts if re.match(r"v=spf1( |$)", text, re.IGNORECASE))


def terms(text: str) -> tuple[Term, ...]:
    """Return what a record says, up to "all": nothing behind it counts (5.1). Raises ValueError with a wrong term."""
    found: list[Term] = []
    redirect: Term | None = None
    for word in text.split()[1:]:
        if modifier := _MODIFIER.fullmatch(word):
            if modifier["name"].lower() == "redirect":
                if redirect is not None:
                    raise ValueError(word)
                redirect = Term("", "redirect", modifier["value"].lower().rstrip("."))
            continue
        term = _TERM.fullmatch(word)
        name = term["name"].lower() if term else ""
        value = term["rest"].removeprefix(":").lower().rstrip(".") if term else ""
        is_short = name in {"include", "exists", "ip4", "ip6"} and not value
        if name not in _MECHANISMS or is_short or (name == "all" and value):
            raise ValueError(word)
        assert term is not None
        found.append(Term(term["sign"] or "+", name, value))
    ends = [place for place, term in enumerate(found) if term.name == "all"]
    if ends:
        return tuple(found[: ends[0] + 1])  # and the redirect is not looked at (6.1)
    return (*found, redirect) if redirect else tuple(found)


def follows(text: str) -> tuple[str, ...]:
    """Return the names whose records a record goes on with; those that are worked out for each mail are left out."""
    try:
        said = terms(text)
    except ValueError:
        return ()
    return tuple(term.value for term in said if term.name in {"include", "redirect"} and "%" not in term.value)


def walk(domain: str, held: Mapping[str, Sequence[str] | None]) -> Walked:
    """Return what a check of the domain costs and comes to, by the SPF records of all names that it leads to."""
    walked = Walked()
    walked.end = _walk(domain, held, walked)
    return walked


def _walk(domain: str, held: Mapping[str, Sequence[str] | None], walked: Walked) -> str:
    texts = held.get(domain)
    if texts is None:
        walked.is_unknown = True
        return ""
    if len(texts) != 1:
        walked.broken = walked.broken or domain
        return ""
    try:
        said = terms(texts[0])
    except ValueError as error:
        walked.invalid = walked.invalid or f"{domain}: {error}"
        return ""
    for term in said:
        if term.name == "all":
            return term.sign
        if term.name not in _ASKING | {"redirect"} or walked.lookups >= _CAPPED_AT:
            continue
        walked.lookups += 1
        if term.name in {"include", "redirect"}:
            walked.names.add(term.value)
            end = "" if "%" in term.value else _walk(term.value, held, walked)
            if term.name == "redirect":
                walked.is_unknown = walked.is_unknown or "%" in term.value
                return end
    return ""


def proposal(include: str) -> str:
    """Return a first record for a domain that is written from through one provider; "mx": its own mail servers."""
    if not include:
        return ""
    return "v=spf1 mx ~all" if include == "mx" else f"v=spf1 include:{include} ~all"


def merged(texts: Sequence[str], include: str) -> str:
    """Return one record that says what several say, and includes the provider; the first end stands."""
    words = [word for text in texts for word in text.split()[1:]]
    ends = [word for word in words if word.lower().lstrip("+-?~") == "all" or word.lower().startswith("redirect=")]
    kept = list(dict.fromkeys(word for word in words if word not in ends))
    if include and not any(word.lower().lstrip("+") == f"include:{include}" for word in kept):
        kept.append(f"include:{include}")
    return " ".join(["v=spf1", *kept, ends[0] if ends else "~all"])


def closed(text: str) -> str:
    """Return a record that says at its end that nobody else writes in the domain's name."""
    kept = [word for word in text.split() if word.lower().lstrip("+-?~") != "all"]
    return " ".join([*kept, "~all"])

"""DMARC policies as DNS holds them (RFC 7489), and the tag lists that DKIM's keys are written in too."""

from collections.abc import Sequence
from dataclasses import dataclass

POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a domain. ``fault``: why nothing does; ``is_silent``: DNS did not answer."""

    texts: tuple[str, ...] = ()
    policy: str = ""
    is_strict: bool = False  # DKIM's domain has to be the very one in From
    is_inherited: bool = False
    fault: str = ""
    is_silent: bool = False


def tags(text: str) -> dict[str, str]:
    """Return the tags of a list such as ``v=DKIM1; k=rsa; p=...``; of one that is there twice the first."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip(), "".join(value.split()))
    return found


def policies(texts: Sequence[str]) -> tuple[str, ...]:
    """Return those of a name's TXT records that are DMARC's: the version stands first in them, letter by letter."""
    return tuple(text for text in texts if "".join(text.partition(";")[0].split()) == "v=DMARC1")


def policy(own: Sequence[str] | None, of_organisation: Sequence[str] | None) -> Policy:
    """Return what holds for a domain by the records at ``_dmarc`` below it, or else below its organisation's.

    Several records are as good as none. The organisation's says in ``sp`` what holds below it.
    """
    if own is None:
        return Policy(is_silent=True)
    if texts := policies(own):
        return _read(texts, is_inherited=False)
    if of_organisation is None:
        return Policy(is_silent=True)
    if texts := policies(of_organisation):
        return _read(texts, is_inherited=True)
    return Policy(fault="dmarc_missing")


def _read(texts: tuple[str, ...], is_inherited: bool) -> Policy:
    if len(texts) > 1:
        return Policy(texts, fault="dmarc_several")
    held = tags(texts[0])
    said = held.get("p", "").lower()
    if is_inherited:
        said = held.get("sp", said).lower()
    if said not in POLICIES:
        # 6.6.3: with somewhere to report to it is read as "none".
        if not held.get("rua", "").lower().startswith("mailto:"):
            return Policy(texts, fault="dmarc_invalid")
        said = "none"
    return Policy(texts, said, held.get("adkim", "r").lower() == "s", is_inherited)

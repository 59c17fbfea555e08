"""Through whom messages leave: an account at a provider, and whose address may stand on them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """Through whom an installation sends on one channel. Its settings hold secrets: never log them."""

    provider: str = ""  # "": the operator's own, of the environment
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    id: int | None = None  # None: the operator's own
    is_held: bool = False  # its provider refuses it: nothing leaves through it until somebody mends it


OPERATORS = ProviderAccount()
"""The operator's own account, which installations without one share."""

ANY = "*"
HINT = 4
"""So many letters of a secret are shown, so that its owner knows it again."""


def hint(secret: str) -> str:
    """Return the end of a secret that may be shown: nothing of one that is short enough to be guessed by it."""
    return secret[-HINT:] if len(secret) >= 4 * HINT else ""


def is_sender_trusted(address: str, trusted: Collection[str]) -> bool:
    """Return whether the operator lets an address, its domain, or one that this is below, send through their account.

    ``trusted`` holds addresses, domains, or ``*`` for every one.
    """
    whole = address.strip().lower()
    domain = whole.rpartition("@")[2]
    parts = domain.split(".")
    names = {whole, *(".".join(parts[number:]) for number in range(len(parts)))}
    return ANY in trusted or ("@" in whole and not names.isdisjoint(one.lower() for one in trusted))

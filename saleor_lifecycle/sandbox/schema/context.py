"""What a resolver knows besides its arguments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..actors import Actor
from ..records import AppInstallation
from ..shop import Shop
from ..signing import LIFETIME, Signer

StartInstallation = Callable[[AppInstallation, Sequence[str] | None], None]


@dataclass(frozen=True, slots=True)
class Context:
    """``token_seconds``: how long the tokens live that apps get."""

    shop: Shop
    actor: Actor
    signer: Signer
    start_installation: StartInstallation = lambda installation, permissions: None
    token_seconds: int = LIFETIME


def context(info: Any) -> Context:
    found = info.context
    assert isinstance(found, Context)
    return found

"""What a resolver knows besides its arguments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..actors import Actor
from ..records import AppInstallation
from ..shop import Shop
from ..signing import Signer

StartInstallation = Callable[[AppInstallation, Sequence[str] | None], None]


@dataclass(frozen=True, slots=True)
class Context:
    shop: Shop
    actor: Actor
    signer: Signer
    start_installation: StartInstallation = lambda installation, permissions: None


def context(info: Any) -> Context:
    found = info.context
    assert isinstance(found, Context)
    return found

"""What an app tells staff about itself, under keys of its own; the sandbox keeps one message for each."""

from dataclasses import replace

from .actors import Actor, PermissionDenied, Refused
from .records import App
from .shop import Shop

SHORTEST_KEY, LONGEST_KEY = 3, 128
SHORTEST_MESSAGE, LONGEST_MESSAGE = 3, 2048


def create(shop: Shop, actor: Actor, key: str, message: str) -> None:
    """Let staff read a message; one under the same key gives way."""
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise Refused("key", f"Key must be {SHORTEST_KEY} to {LONGEST_KEY} characters.", "INVALID")
    if len(message) < SHORTEST_MESSAGE:
        raise Refused("message", f"Message must be at least {SHORTEST_MESSAGE} characters.", "INVALID")
    _keep(shop, actor, {key: message[:LONGEST_MESSAGE]}, frozenset())


def dismiss(shop: Shop, actor: Actor, keys: list[str]) -> None:
    """Take messages back; keys under which there are none change nothing."""
    _keep(shop, actor, {}, frozenset(keys))


def _keep(shop: Shop, actor: Actor, told: dict[str, str], gone: frozenset[str]) -> None:
    if actor.app is None:
        raise PermissionDenied("AUTHENTICATED_APP")
    with shop.change(actor) as change:
        app = change.get(App, actor.app.id)
        assert app is not None
        held = {key: text for key, text in app.problems.items() if key not in gone}
        change.put(replace(app, problems={**held, **told}))

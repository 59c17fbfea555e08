"""What changed from one document to another, by path."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

_NOTHING: Any = object()


class How(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # among its neighbours


class Change(NamedTuple):
    """``path`` names steps by their keys, so that it means the same in both documents: ``steps[reminder].template``."""

    path: str
    how: How
    before: Any = None
    after: Any = None


def changes(before: Any, after: Any, path: str = "") -> list[Change]:
    """Return what has to be done to a JSON document to make it the other one; none when both say the same."""
    return list(_changes(before, after, path))


def _changes(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping) and before.get("kind") == after.get("kind"):
        for name in [*before, *(name for name in after if name not in before)]:
            below = f"{path}.{name}" if path else str(name)
            yield from _change(before.get(name, _NOTHING), after.get(name, _NOTHING), below)
    elif isinstance(before, list) and isinstance(after, list):
        keys = _keys(before), _keys(after)
        if keys[0] is not None and keys[1] is not None:
            yield from _keyed(dict(zip(keys[0], before, strict=True)), dict(zip(keys[1], after, strict=True)), path)
        else:
            for number in range(max(len(before), len(after))):
                one, other = (some[number] if number < len(some) else _NOTHING for some in (before, after))
                yield from _change(one, other, f"{path}[{number}]")
    elif type(before) is not type(after) or before != after:
        yield Change(path, How.CHANGED, before, after)


def _change(before: Any, after: Any, path: str) -> Iterator[Change]:
    if before is _NOTHING:
        yield Change(path, How.ADDED, None, after)
    elif after is _NOTHING:
        yield Change(path, How.REMOVED, before)
    else:
        yield from _changes(before, after, path)


def _keyed(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    stays = [key for key in after if key in before]
    order = [key for key in before if key in after]
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _change(before.get(key, _NOTHING), after.get(key, _NOTHING), f"{path}[{key}]")
    if stays != order:
        yield Change(path, How.MOVED, order, stays)


def _keys(some: Sequence[Any]) -> list[str] | None:
    """Return the keys of a list of steps; None where it is none, or two have the same."""
    keys = [key for one in some if isinstance(one, Mapping) and isinstance(key := one.get("key"), str)]
    return keys if len(set(keys)) == len(some) else None

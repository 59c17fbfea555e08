"""How a fact compares with what a rule says: typed, so that nothing is true by accident."""

from collections.abc import Collection
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from .rule_facts import FactValue

Scalar: TypeAlias = str | int | float | bool
Op: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains", "known", "unknown"]


def compares(
    held: FactValue | None, op: Op, value: Scalar | tuple[Scalar, ...] | None, zone: tzinfo, *, is_language: bool
) -> bool:
    """Does what is held of a fact, None for what is not known, compare so with the value?

    ``is_language``: "es" is also who speaks es-MX.
    """
    if op in ("known", "unknown"):
        return (held is None) is (op == "unknown")
    wanted = [each for each in (value if isinstance(value, tuple) else (value,)) if each is not None]
    if isinstance(held, datetime):
        held = held.astimezone(zone).date().isoformat()
    if op == "contains":
        return any(_contains(held, each) for each in wanted)
    if held is None or (isinstance(held, Collection) and not isinstance(held, str)):
        return False
    if is_language:
        return any(_speaks(str(held), str(each)) is (op != "!=") for each in wanted)
    return any(_holds(op, _sortable(held), _sortable(each)) for each in wanted)


def moment_of(held: FactValue | None, zone: tzinfo) -> datetime | None:
    """Return the moment that a value is: of a day its beginning in that zone; None for what is no moment."""
    if isinstance(held, datetime):
        return held
    if not isinstance(held, str):
        return None
    try:
        found = datetime.fromisoformat(held)
    except ValueError:
        return None
    if not date(1850, 1, 1) <= found.date() <= date(2150, 12, 31):
        return None
    # In UTC, where a day later is 24 hours later.
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _holds(op: Op, held: tuple[str, Any], wanted: tuple[str, Any]) -> bool:
    if held[0] != wanted[0]:
        return False  # a number beside a text
    match op:
        case "=" | "in":
            return held == wanted
        case "!=":
            return held != wanted
        case "<":
            return held < wanted
        case "<=":
            return held <= wanted
        case ">":
            return held > wanted
        case _:
            return held >= wanted


def _sortable(value: Scalar | Decimal) -> tuple[str, Any]:
    if isinstance(value, bool):
        return ("flag", value)
    if isinstance(value, float):
        return ("number", Decimal(str(value)))  # 19.9 is nineteen ninety, whichever way it is stored
    if isinstance(value, int | Decimal):
        return ("number", value)
    return ("text", value.casefold())


def _speaks(held: str, wanted: str) -> bool:
    return f"{held}-".casefold().startswith(f"{wanted}-".casefold())


def _contains(held: FactValue | None, wanted: Scalar) -> bool:
    if not isinstance(wanted, str):
        return False
    if isinstance(held, str):
        return wanted.casefold() in held.casefold()
    if not isinstance(held, Collection):
        return False
    # What a trigger brought along may hold anything.
    return wanted.casefold() in {each.casefold() for each in held if isinstance(each, str)}

"""What a merchant says of how deliveries are told."""

from collections.abc import Sequence

from saleor_lifecycle.domain.attributes import LONGEST_KEY
from saleor_lifecycle.models import DeliverySettings

from .brands import Code, Problem

MOST_DAYS = 60
MOST_METHODS = 100


def change(
    installation_id: int, metadata_key: str | None, rules: Sequence[tuple[str, int]] | None, otherwise: int | None
) -> tuple[Problem, ...]:
    """Store what is given, the rest stays; with a problem, return it and store nothing."""
    if problems := tuple(_problems(metadata_key, rules, otherwise)):
        return problems
    given = {
        "metadata_key": None if metadata_key is None else metadata_key.strip(),
        "methods": None if rules is None else {method.strip(): days for method, days in rules},
        "otherwise": otherwise,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    DeliverySettings.objects.update_or_create(pk=installation_id, defaults=changed)
    return ()


def _problems(key: str | None, rules: Sequence[tuple[str, int]] | None, otherwise: int | None) -> list[Problem]:
    found = []
    if key is not None and len(key.strip()) > LONGEST_KEY:
        found.append(Problem("metadata_key", Code.INVALID, f"A key has at most {LONGEST_KEY} characters."))
    names = [method.strip().casefold() for method, _ in rules or ()]
    if len(names) > MOST_METHODS:
        found.append(Problem("rules", Code.INVALID, f"Give at most {MOST_METHODS} rules."))
    if "" in names or len(set(names)) < len(names):
        found.append(Problem("rules", Code.INVALID, "Name a shipping method in each rule, and each of them once."))
    if any(not 0 <= days <= MOST_DAYS for _, days in rules or ()):
        found.append(Problem("rules", Code.INVALID, f"Give 0 to {MOST_DAYS} working days."))
    if otherwise is not None and not 0 <= otherwise <= MOST_DAYS:
        found.append(Problem("otherwise_working_days", Code.INVALID, f"Give 0 to {MOST_DAYS} working days."))
    return found

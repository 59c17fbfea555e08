"""Real purchases from a file: who bought, on which day, for how much."""

import csv
import gzip
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path

COLUMNS = {"customer_id", "date", "amount"}


class PurchasesError(Exception):
    """The file cannot be read as purchases; the message says why."""


@dataclass(frozen=True, slots=True)
class Purchase:
    number: int  # of the row in the file
    customer: str
    on: date
    amount: Decimal

    @property
    def at(self) -> datetime:
        """Noon in UTC: the data know days only."""
        return datetime.combine(self.on, time(12), UTC)


def read(path: Path) -> list[Purchase]:
    """Return the rows of a gzipped CSV with the columns customer_id, date and amount, by day. Raises PurchasesError."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if missing := COLUMNS - set(rows.fieldnames or ()):
                raise PurchasesError(f"{path}: no column {', '.join(sorted(missing))}")
            purchases = [_purchase(path, number, row) for number, row in enumerate(rows, start=1)]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise PurchasesError(f"{path}: {error}") from error
    if not purchases:
        raise PurchasesError(f"{path}: no purchases")
    return sorted(purchases, key=lambda purchase: (purchase.on, purchase.number))


def _purchase(path: Path, number: int, row: dict[str, str]) -> Purchase:
    try:
        return Purchase(number, row["customer_id"], date.fromisoformat(row["date"]), Decimal(row["amount"]))
    except (ValueError, TypeError, InvalidOperation) as error:
        raise PurchasesError(f"{path}, row {number}: {error}") from error


def of_some(purchases: Sequence[Purchase], customers: int, seed: int) -> list[Purchase]:
    """Return every purchase of so many customers, the same ones for the same seed; of all if there are fewer."""
    everyone = sorted({purchase.customer for purchase in purchases})
    chosen = set(random.Random(seed).sample(everyone, min(customers, len(everyone))))
    return [purchase for purchase in purchases if purchase.customer in chosen]


def instants(purchases: Sequence[Purchase], count: int, seed: int) -> list[datetime]:
    """Return so many seconds at random between the first purchase and the last, the same ones for the same seed."""
    first, last = purchases[0].at, purchases[-1].at
    seconds = int((last - first).total_seconds())
    chance = random.Random(seed)
    return sorted(datetime.fromtimestamp(first.timestamp() + chance.randint(0, seconds), UTC) for _ in range(count))

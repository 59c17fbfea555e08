"""The importer dies a hundred times, at statements that a seeded die names, and ends where one that never died does."""

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.models import Installation
from saleor_lifecycle.saleor import pages
from saleor_lifecycle.sandbox.server import Options, running
from saleor_lifecycle.tasks import reading
from tests.tasks.importing import Clock, empty, furnish, installed_in, left_behind, parts, run

pytestmark = pytest.mark.django_db
LIVES, DEATHS = 5, 20


class Killed(BaseException):
    """The worker is gone."""


def dying(number: int) -> Callable[..., Any]:
    """Let that many statements pass and none after them; what opens and ends transactions is not counted."""
    left = iter(range(number))

    def execute(act: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql and next(left, None) is None:
            raise Killed
        return act(sql, params, many, context)

    return execute


def end(shop: Installation) -> dict[str, Any]:
    """All but the moves: those depend on which page came first."""
    counts = {kind: (row.done, row.total, row.skipped, row.error) for kind, row in parts(shop).items()}
    return {**{key: value for key, value in left_behind(shop).items() if key != "changes"}, "counts": counts}


def test_killed_a_hundred_times_it_ends_the_same(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    monkeypatch.setattr(pages, "SIZE", 2)
    monkeypatch.setattr(reading, "TOGETHER", 1)  # else so many deaths would be in the first transaction
    die, deaths = random.Random(4), 0
    with running(Options(data=tmp_path)) as sandbox:
        empty(sandbox)
        furnish(sandbox, now)
        shop = installed_in(sandbox, now)
        with transaction.atomic():
            run(shop, Clock(now))
            never_killed = end(shop)
            transaction.set_rollback(True)
        for _ in range(LIVES):
            with transaction.atomic():
                clock = Clock(now)
                for _ in range(DEATHS):
                    with pytest.raises(Killed), connection.execute_wrapper(dying(die.randrange(35))):
                        run(shop, clock)
                    deaths += 1
                    clock.now += backfills.LEASE
                    assert not all(row.finished_at for row in parts(shop).values())
                assert not run(shop, clock)
                assert end(shop) == never_killed
                transaction.set_rollback(True)
    assert deaths == 100

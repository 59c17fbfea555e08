"""Databases that hold a drawn shop: loaded once for all benches of a run, copied for each side that changes one."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.db import connection

from saleor_lifecycle.actions import erasure
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import maintaining, within

from . import floor, population
from .loading import load
from .stream import APP_ID
from .surroundings import own_database

SIZES = (10_000, 100_000, 1_000_000)
API_URL = "https://bench.example.com/graphql/"


class Shops:
    """The shops of one run, by their number of people."""

    def __init__(self, sizes: Sequence[int] = SIZES) -> None:
        self.sizes = tuple(sorted(sizes))
        self._loaded: dict[int, str] = {}
        self._numbers = count(1)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @contextmanager
    def copy(self, people: int) -> Iterator[str]:
        """Make a database with a shop of so many people, and drop it in the end. Gives its address."""
        if people not in self._loaded:
            self._loaded[people] = self._load(people)
        name = f"lifecycle_bench_{os.getpid()}_{next(self._numbers)}"
        _say(f"CREATE DATABASE {name} TEMPLATE {self._loaded[people]} STRATEGY FILE_COPY")
        try:
            yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        finally:
            _say(f"DROP DATABASE {name}")

    def _load(self, people: int) -> str:
        usual = str(connection.settings_dict["NAME"])
        self._stack.enter_context(own_database(f"lifecycle_bench_{os.getpid()}_of_{people}"))
        name = str(connection.settings_dict["NAME"])
        installation_id = register(Registration(API_URL, APP_ID, "token", {}), population.NOW)
        with within(installation_id):
            installation = Installation.objects.get(pk=installation_id)
        with maintaining(), connection.cursor() as cursor:
            cursor.execute(floor.GRANT)
        load(installation, people, erasure.hash_of(installation), lambda done: _tell(done, people))
        _say("VACUUM (ANALYZE)")
        connection.close()
        connection.settings_dict["NAME"] = usual
        return name


def _say(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _tell(done: int, people: int) -> None:
    if done % 100_000 == 0 or done == people:
        print(f"a shop of {people:,} people: {done:,} loaded", file=sys.stderr, flush=True)

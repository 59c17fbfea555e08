"""A worker that dies on any statement: the server ends its connection, and nothing that it would do next happens.

    calm = undisturbed(installation, work)
    assert work_with_kills(work, kills=100, rate=1 / 60, chance=random.Random(7)) == 100
    assert dump(installation) == calm

``work`` does all there is to do and may be run again: `while events.run(installation.pk, now): pass`. Every time it
dies, it is begun anew; what it had committed stays. ``rate``: how likely it dies on each statement. About one death a
transaction is right: then most begin anew, and the deaths are spread over the whole work. The test needs
``django_db(transaction=True)``.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from django.apps import apps
from django.db import connection, models, transaction

from saleor_lifecycle.models import Customer, Decision, Enrollment, Installation, Message, Outbox
from saleor_lifecycle.models.entry import within


class Died(BaseException):
    """The worker is no more. Not an Exception, so that no ``except Exception`` of the work lives on."""


class Runs(Protocol):
    """What Django hands to a wrapper, to run the statement."""

    def __call__(self, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any: ...


def work_with_kills(work: Callable[[], object], kills: int, rate: float, chance: random.Random) -> int:
    """Do the work, dying so many times on the way, then to its end; return how often it died before all was done."""
    for made in range(kills):
        if not _dies(work, 1 + int(chance.expovariate(rate)), is_after=chance.random() < 0.5):
            return made
    work()
    return kills


def _dies(work: Callable[[], object], statement: int, *, is_after: bool) -> bool:
    try:
        with dying_at(statement, is_after=is_after):
            work()
    except Died:
        return True
    return False


@contextmanager
def dying_at(statement: int, *, is_after: bool = False) -> Iterator[None]:
    """Let the worker die in place of the n-th statement from now, or right after it."""
    left = statement

    def count(execute: Runs, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal left
        left -= 1
        if left:
            return execute(sql, parameters, many, context)
        if is_after:
            execute(sql, parameters, many, context)
        _end_connection()
        raise Died

    with connection.execute_wrapper(count):
        yield


def _end_connection() -> None:
    """Have the server end our connection, and wait until it has: its locks are gone then."""
    settings = connection.get_connection_params()
    reachable = {name: settings[name] for name in ("host", "port", "dbname", "user", "password") if name in settings}
    with psycopg.connect(**reachable, autocommit=True) as other:
        ended = other.execute("SELECT pg_terminate_backend(%s, 10000)", [connection.connection.info.backend_pid])
        assert ended.fetchone() == (True,)


def undisturbed(installation: Installation, work: Callable[[], object]) -> dict[str, list[str]]:
    """Return the dump after a run in which nobody dies, and leave the database as it was."""
    with transaction.atomic():
        work()
        state = dump(installation)
        transaction.set_rollback(True)
    return state


def dump(installation: Installation, *left_out: str) -> dict[str, list[str]]:
    """Return every row of an installation in every table, by table.

    A row is named by what it is, not by its number, and random ids are left out: they differ from run to run. So are
    the columns ``left_out``, as "table.column".
    """
    with within(installation.pk):
        names = _Names()
        return {
            model._meta.db_table: sorted(str(names.row(row, left_out)) for row in model._default_manager.all())
            for model in apps.get_app_config("lifecycle").get_models()
        }


class _Names:
    """What rows are called when one points to another."""

    def __init__(self) -> None:
        self.known: dict[tuple[type[models.Model], int], str] = {}
        self.handles: dict[int, list[str]] = {}
        for customer in Customer.objects.prefetch_related("identities"):
            self.handles[customer.pk] = sorted(f"{one.kind} {one.value}" for one in customer.identities.all())

    def row(self, row: models.Model, left_out: tuple[str, ...]) -> dict[str, Any]:
        table = row._meta.db_table
        columns = [
            field
            for field in row._meta.concrete_fields
            if not field.primary_key
            and not isinstance(field, models.UUIDField)
            and f"{table}.{field.column}" not in left_out
        ]
        told = {field.name: self._value(row, field) for field in columns}
        if isinstance(row, Outbox) and row.kind == Outbox.Kind.PROJECTION:
            told["key"] = str(self.handles[int(row.key)])
        if isinstance(row, Decision):
            told |= {"key": "", "customer_id": self.handles[row.customer_id]}
            for name, model in (("enrollment_id", Enrollment), ("message_id", Message)):
                if (number := getattr(row, name)) is not None:
                    told[name] = self._called(model._default_manager.get(pk=number))
        return told | ({"called": self.handles[row.pk]} if isinstance(row, Customer) else {})

    def _value(self, row: models.Model, field: "models.Field[Any, Any]") -> Any:
        value = getattr(row, field.attname)
        if value is None or not isinstance(field, models.ForeignKey):
            return value
        model: type[models.Model] = field.related_model
        if (model, value) not in self.known:
            self.known[model, value] = self._called(getattr(row, field.name))
        return self.known[model, value]

    def _called(self, row: models.Model) -> str:
        if isinstance(row, Customer):
            return str(self.handles[row.pk])
        keys = [one for one in row._meta.constraints if isinstance(one, models.UniqueConstraint)]
        fields = [row._meta.get_field(name) for name in keys[0].fields] if keys else []
        return str([self._value(row, field) for field in fields])  # type: ignore[arg-type]  # concrete, all of them

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from os import getpid, kill

import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from tests.recordings import recorded_jwks


@pytest.fixture
def now() -> datetime:
    """A Wednesday noon; nothing more."""
    return datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def install(db: None, now: datetime) -> Callable[[str], Installation]:
    """Install the app in one more shop, whose signing keys are the recorded ones and whose webhooks are current."""
    from saleor_lifecycle.actions.installations import Registration, register

    def install(domain: str) -> Installation:
        installation_id = register(
            Registration(
                saleor_api_url=f"https://{domain}/graphql/",
                app_id="QXBwOjE=",
                token=f"token of {domain}",
                jwks=recorded_jwks(),
                saleor_version="3.23.28",
                shop_name=domain,
            ),
            now,
        )
        with within(installation_id):
            Installation.objects.update(webhooks_due_at=None)
            return Installation.objects.get(id=installation_id)

    return install


@pytest.fixture
def installation(install: Callable[[str], Installation]) -> Installation:
    """A shop that installed the app."""
    return install("shop.example.com")


@pytest.fixture
def other_installation(install: Callable[[str], Installation]) -> Installation:
    """Another shop in the same database."""
    return install("other.example.com")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Give each run its own database, so that two may run at once, and drop those of runs that were killed."""
    for settings in connections.databases.values():
        settings["TEST"]["NAME"] = f"test_{settings['NAME']}_{getpid()}"
    prefix = f"test_{connection.settings_dict['NAME']}_"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        for (name,) in cursor.fetchall():
            if not _is_alive(name.removeprefix(prefix)):
                cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


@pytest.fixture(autouse=True)
def _empty_event_bodies(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Empty the one table that is no model, which Django's flush after a transactional test leaves alone."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE lifecycle_event_body")


def _is_alive(pid: str) -> bool:
    with suppress(ProcessLookupError, ValueError):
        kill(int(pid), 0)
        return True
    return False

"""The tests' PostgreSQL: the embedded one, unless DATABASE_URL is set; started by the first test that needs it.

Loaded by ``-p``, before pytest-django reads the settings: they need an environment. Where the server will listen is
known before it runs, so tests of pure rules start nothing.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from saleor_lifecycle import embedded
from tests.environment import provide

FOLDER = Path(__file__).parents[1] / ".cache" / "postgres"

brings_its_own = "DATABASE_URL" not in os.environ
provide(embedded.database_url_of(FOLDER))


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    """A running server at DATABASE_URL."""
    if not brings_its_own:
        yield
        return
    server = embedded.start(FOLDER, is_durable=False)
    yield
    server.stop()

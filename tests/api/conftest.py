from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.models import Installation
from saleor_lifecycle.saleor.tokens import DashboardToken

Ask = Callable[..., dict[str, Any]]
EVERYTHING = frozenset({"MANAGE_USERS", "MANAGE_CHECKOUTS"})


@pytest.fixture
def ask(installation: Installation, now: datetime) -> Ask:
    """Ask the dashboard schema as a staff member of the shop; answers the data, or fails the test."""

    def ask(query: str, at: datetime = now, of: Installation = installation, **variables: Any) -> dict[str, Any]:
        context = Context(of.pk, DashboardToken("VXNlcjoyMQ==", "staff@example.com", EVERYTHING), at)
        result = schema.execute_sync(query, variables, context)
        assert result.errors is None
        assert result.data is not None
        return result.data

    return ask

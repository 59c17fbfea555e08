"""Questions to the storefront schema, without HTTP."""

from datetime import datetime
from typing import Any

from strawberry.types import ExecutionResult

from saleor_lifecycle.api.storefront.access import Context, People
from saleor_lifecycle.api.storefront.schema import schema
from saleor_lifecycle.models import Installation
from tests.facts import ADA


def answer(
    installation: Installation,
    now: datetime,
    query: str,
    user_id: str | None = ADA,
    email: str | None = None,
    *,
    is_server: bool = False,
    **variables: Any,
) -> ExecutionResult:
    """Answer a question by a customer, by a server or, with None, by nobody."""
    context = Context(installation.pk, user_id, email, is_server, now, People(installation.pk))
    result = schema.execute_sync(query, variables, context)
    assert isinstance(result, ExecutionResult)
    return result


def data(installation: Installation, now: datetime, query: str, *args: Any, **more: Any) -> dict[str, Any]:
    """Answer a question that holds no mistake."""
    result = answer(installation, now, query, *args, **more)
    assert result.errors is None
    assert result.data is not None
    return result.data

# mypy: disable-error-code="import-untyped"
# (graphene ships no types)
"""How a mutation looks in Saleor: its own payload type, with ``errors`` for what was refused."""

from collections.abc import Callable, Mapping
from typing import Any

import graphene

from ..actors import Refused

# What the payloads' required fields say beside an error.
_BLANK = {"confirmation_needed": False, "count": 0, "results": ()}


def mutation(
    payload: str,
    act: Callable[..., dict[str, Any]],
    error: Any,
    fields: Mapping[str, Any],
    **arguments: Any,
) -> Any:
    """The field that runs ``act(info, **arguments)`` and answers its dict, or the error that it raised."""
    errors = graphene.List(graphene.NonNull(error), required=True)
    answer = type(payload, (graphene.ObjectType,), {**fields, "errors": errors})

    def resolve(root: Any, info: Any, **given: Any) -> dict[str, Any]:
        try:
            return {"errors": [], **act(info, **given)}
        except Refused as refused:
            problem = {
                "field": refused.field,
                "path": refused.field,
                "message": refused.message,
                "code": refused.code,
                **refused.details,
            }
            return {**_BLANK, "errors": [problem]}

    return graphene.Field(answer, resolver=resolve, args=arguments)

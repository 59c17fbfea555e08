"""What every schema of ours has: limits on what one request may ask, and errors that give nothing away.

Strawberry's own limits hold depth, aliases and length. Two of them walk a fragment again wherever it is spread, so
fragments that spread each other twice would keep them busy for years: spreads are counted before they begin.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import strawberry
from graphql import FragmentDefinitionNode, FragmentSpreadNode, GraphQLError, Visitor, visit
from strawberry.extensions import (
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)
from strawberry.types import ExecutionContext

from .errors import Refusal

DEPTH = 8
TOKENS = 500  # introspection, the longest question that tools ask, takes about 200; validation takes the square of it
ALIASES = 15
SPREADS = 30

logger = logging.getLogger(__name__)


class Schema(strawberry.Schema):
    """A schema whose unexpected errors are logged without their text, which may hold personal data."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        for error in errors:
            unexpected = error.original_error
            if unexpected is not None and is_unexpected(error):
                frames = "".join(traceback.format_tb(unexpected.__traceback__))
                logger.error("%s at %s\n%s", type(unexpected).__name__, error.path, frames)


def is_unexpected(error: GraphQLError) -> bool:
    """Is it a mistake or an outage of ours, not something that was wrong with the question?"""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


class FewSpreads(SchemaExtension):
    """Refuses a document that spreads fragments often, or one that it does not define."""

    def on_validate(self) -> Iterator[None]:
        document = self.execution_context.graphql_document
        spreads = _Spreads()
        if document is not None:
            visit(document, spreads)
            known = {node.name.value for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
            if missing := sorted(set(spreads.names) - known):
                raise Refusal(f"There is no fragment {missing[0]}.", "INVALID")
        if len(spreads.names) > SPREADS:
            raise Refusal(f"At most {SPREADS} fragment spreads are answered at once.", "TOO_LARGE")
        yield


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.names.append(node.name.value)


class _Masked(MaskErrors):
    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        return GraphQLError(self.error_message, path=error.path, extensions={"code": "INTERNAL"})


def extensions() -> list[Callable[[], SchemaExtension]]:
    """Return what goes into a schema's ``extensions``: makers, because an extension serves one request only."""
    return [
        lambda: _Masked(is_unexpected, "internal error"),
        FewSpreads,
        lambda: MaxTokensLimiter(TOKENS),
        lambda: QueryDepthLimiter(DEPTH),
        lambda: MaxAliasesLimiter(ALIASES),
    ]

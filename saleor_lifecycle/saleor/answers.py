"""What a shop's answers mean: the troubles of the generated client and of HTTP in our own words, and no values."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

import httpx
from pydantic import ValidationError

from saleor_lifecycle.saleor import client
from saleor_lifecycle.saleor.client import exceptions
from saleor_lifecycle.saleor.errors import PermissionMissing, Refused, ShopAway, TokenDead

# How Saleor names a document that it does not accept; any other name is a failure inside Saleor.
_OUR_MISTAKES = {"GraphQLError", "GraphQLSyntaxError", "QueryCostError", "ValidationError"}
_TOKEN_TROUBLES = {"InvalidSignatureError", "InvalidTokenError", "ExpiredSignatureError", "DecodeError"}


@contextmanager
def translated(operation: str) -> Iterator[None]:
    """Raise one of errors.py for whatever goes wrong in the block."""
    # The causes are cut off: they hold the request with its token, or values of the answer.
    try:
        yield
    except exceptions.GraphQLClientHttpError as trouble:
        _raise_for_status(operation, trouble.status_code, trouble.response)
    except exceptions.GraphQLClientGraphQLMultiError as trouble:
        _raise_for_codes(operation, {code(error.extensions) for error in trouble.errors})
    except exceptions.GraphQLClientInvalidResponseError:
        raise ShopAway(f"{operation}: the answer is not GraphQL's") from None
    except (httpx.HTTPError, httpx.StreamError) as trouble:
        raise ShopAway(f"{operation}: {type(trouble).__name__}") from None
    except (ValidationError, KeyError, TypeError, ValueError) as trouble:
        raise ShopAway(f"{operation}: an answer against the schema ({type(trouble).__name__})") from None


def _raise_for_status(operation: str, status: int, response: Any) -> NoReturn:
    if status in (401, 403):
        raise TokenDead(f"{operation}: HTTP {status}") from None
    if status in (400, 413):
        raise Refused(f"{operation}: HTTP {status}") from None
    raise ShopAway(f"{operation}: HTTP {status}", _retry_after(response)) from None


def _retry_after(response: httpx.Response) -> timedelta | None:
    """What the header Retry-After says in seconds; a date in it is left unread, our own back-off does."""
    said = response.headers.get("Retry-After", "").strip()
    return timedelta(seconds=int(said)) if said.isdecimal() and len(said) < 7 else None


def _raise_for_codes(operation: str, codes: set[str]) -> NoReturn:
    if codes & _TOKEN_TROUBLES:
        raise TokenDead(f"{operation}: {', '.join(sorted(codes))}") from None
    if "PermissionDenied" in codes:
        raise PermissionMissing(f"{operation}: PermissionDenied") from None
    if codes & _OUR_MISTAKES:
        raise Refused(f"{operation}: {', '.join(sorted(codes))}") from None
    raise ShopAway(f"{operation}: {', '.join(sorted(codes))}") from None


def split_errors(asked: client.SaleorClient, response: Any) -> tuple[Any, set[str]]:
    """The data, and the aliases of which Saleor could not answer some part; other errors are raised."""
    try:
        return asked.get_data(response), set()
    except exceptions.GraphQLClientGraphQLMultiError as trouble:
        codes = {code(error.extensions) for error in trouble.errors}
        paths = {str(error.path[0]) if error.path else "" for error in trouble.errors}
        for_all = codes & {"PermissionDenied", *_OUR_MISTAKES, *_TOKEN_TROUBLES}
        if trouble.data is None or "" in paths or for_all:
            raise
        return trouble.data, paths


def code(extensions: object) -> str:
    """Saleor's name of an error."""
    exception = extensions.get("exception") if isinstance(extensions, dict) else None
    said = exception.get("code") if isinstance(exception, dict) else None
    return said if isinstance(said, str) else "unnamed"

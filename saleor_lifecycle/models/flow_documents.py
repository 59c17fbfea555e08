"""Flow documents between JSON and the domain."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from saleor_lifecycle.domain.cart_flow import upgraded
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flows import Program, program

_ADAPTER = TypeAdapter(FlowDocument)


class FlowDocumentError(ValueError):
    """A document that cannot be published; the text names the path and the reason."""


def read_program(document: Mapping[str, Any]) -> Program:
    """Return a document as it runs. Raises FlowDocumentError for one that is none."""
    try:
        return program(_ADAPTER.validate_python(upgraded(document)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise FlowDocumentError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (KeyError, TypeError) as error:
        raise FlowDocumentError(f"{error}: is missing or of another kind") from None

"""Flow documents between JSON and the domain."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from saleor_lifecycle.domain.cart_flow import upgraded
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flows import Program, program

_ADAPTER = TypeAdapter(FlowDocument)


def read_program(document: Mapping[str, Any]) -> Program:
    """Return a published version as it runs."""
    return program(_ADAPTER.validate_python(upgraded(document)))

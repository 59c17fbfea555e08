"""Flow documents between JSON and the domain."""

from collections.abc import Mapping
from typing import Any

from saleor_lifecycle.domain.cart_flow import upgraded
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flow_programs import Program, program

from .documents import DocumentError, Fault, Reader

FLOWS: Reader[FlowDocument] = Reader(FlowDocument)


def read_program(document: Mapping[str, Any]) -> Program:
    """Return a document as it runs. Raises DocumentError for one that is none."""
    try:
        return program(FLOWS.read(upgraded(document)))
    except (KeyError, TypeError) as error:
        raise DocumentError([Fault(str(error), "is missing or of another kind")]) from None


def written(flow: FlowDocument) -> dict[str, Any]:
    """Return a flow as it is stored and shown: what is as by default is left out."""
    document: dict[str, Any] = FLOWS.write(flow)
    return document

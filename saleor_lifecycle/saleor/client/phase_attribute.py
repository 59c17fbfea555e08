from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class PhaseAttribute(BaseModel):
    attribute: Optional["PhaseAttributeAttribute"]
    customer_types: Optional["PhaseAttributeCustomerTypes"] = Field(
        alias="customerTypes"
    )


class PhaseAttributeAttribute(BaseModel):
    id: str


class PhaseAttributeCustomerTypes(BaseModel):
    edges: list["PhaseAttributeCustomerTypesEdges"]


class PhaseAttributeCustomerTypesEdges(BaseModel):
    node: "PhaseAttributeCustomerTypesEdgesNode"


class PhaseAttributeCustomerTypesEdgesNode(BaseModel):
    id: str
    attributes: Optional[list["PhaseAttributeCustomerTypesEdgesNodeAttributes"]]


class PhaseAttributeCustomerTypesEdgesNodeAttributes(BaseModel):
    id: str


PhaseAttribute.model_rebuild()
PhaseAttributeCustomerTypes.model_rebuild()
PhaseAttributeCustomerTypesEdges.model_rebuild()
PhaseAttributeCustomerTypesEdgesNode.model_rebuild()

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import CustomerTypeAssignAttributesErrorCode


class AssignPhaseAttribute(BaseModel):
    customer_type_assign_attributes: Optional[
        "AssignPhaseAttributeCustomerTypeAssignAttributes"
    ] = Field(alias="customerTypeAssignAttributes")


class AssignPhaseAttributeCustomerTypeAssignAttributes(BaseModel):
    errors: list["AssignPhaseAttributeCustomerTypeAssignAttributesErrors"]


class AssignPhaseAttributeCustomerTypeAssignAttributesErrors(BaseModel):
    field: Optional[str]
    code: CustomerTypeAssignAttributesErrorCode


AssignPhaseAttribute.model_rebuild()
AssignPhaseAttributeCustomerTypeAssignAttributes.model_rebuild()

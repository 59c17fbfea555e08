from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AttributeErrorCode


class CreatePhaseAttribute(BaseModel):
    attribute_create: Optional["CreatePhaseAttributeAttributeCreate"] = Field(
        alias="attributeCreate"
    )


class CreatePhaseAttributeAttributeCreate(BaseModel):
    attribute: Optional["CreatePhaseAttributeAttributeCreateAttribute"]
    errors: list["CreatePhaseAttributeAttributeCreateErrors"]


class CreatePhaseAttributeAttributeCreateAttribute(BaseModel):
    id: str


class CreatePhaseAttributeAttributeCreateErrors(BaseModel):
    field: Optional[str]
    code: AttributeErrorCode


CreatePhaseAttribute.model_rebuild()
CreatePhaseAttributeAttributeCreate.model_rebuild()

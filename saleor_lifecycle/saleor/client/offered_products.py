from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import OfferedProduct


class OfferedProducts(BaseModel):
    channel: Optional["OfferedProductsChannel"]
    products: Optional["OfferedProductsProducts"]


class OfferedProductsChannel(BaseModel):
    is_active: bool = Field(alias="isActive")
    default_country: "OfferedProductsChannelDefaultCountry" = Field(
        alias="defaultCountry"
    )


class OfferedProductsChannelDefaultCountry(BaseModel):
    code: str


class OfferedProductsProducts(BaseModel):
    edges: list["OfferedProductsProductsEdges"]


class OfferedProductsProductsEdges(BaseModel):
    node: "OfferedProductsProductsEdgesNode"


OfferedProductsProductsEdgesNode = OfferedProduct
OfferedProducts.model_rebuild()
OfferedProductsChannel.model_rebuild()
OfferedProductsProducts.model_rebuild()
OfferedProductsProductsEdges.model_rebuild()

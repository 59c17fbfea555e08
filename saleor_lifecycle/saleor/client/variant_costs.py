from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class VariantCosts(BaseModel):
    product_variants: Optional["VariantCostsProductVariants"] = Field(
        alias="productVariants"
    )


class VariantCostsProductVariants(BaseModel):
    edges: list["VariantCostsProductVariantsEdges"]


class VariantCostsProductVariantsEdges(BaseModel):
    node: "VariantCostsProductVariantsEdgesNode"


class VariantCostsProductVariantsEdgesNode(BaseModel):
    id: str
    channel_listings: Optional[
        list["VariantCostsProductVariantsEdgesNodeChannelListings"]
    ] = Field(alias="channelListings")


class VariantCostsProductVariantsEdgesNodeChannelListings(BaseModel):
    channel: "VariantCostsProductVariantsEdgesNodeChannelListingsChannel"
    cost_price: Optional[
        "VariantCostsProductVariantsEdgesNodeChannelListingsCostPrice"
    ] = Field(alias="costPrice")


class VariantCostsProductVariantsEdgesNodeChannelListingsChannel(BaseModel):
    slug: str


class VariantCostsProductVariantsEdgesNodeChannelListingsCostPrice(BaseModel):
    amount: float


VariantCosts.model_rebuild()
VariantCostsProductVariants.model_rebuild()
VariantCostsProductVariantsEdges.model_rebuild()
VariantCostsProductVariantsEdgesNode.model_rebuild()
VariantCostsProductVariantsEdgesNodeChannelListings.model_rebuild()

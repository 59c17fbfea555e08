from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ProductFacts


class ProductsPage(BaseModel):
    page: Optional["ProductsPagePage"]


class ProductsPagePage(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount", default=None)
    page_info: "ProductsPagePagePageInfo" = Field(alias="pageInfo")
    edges: list["ProductsPagePageEdges"]


class ProductsPagePagePageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ProductsPagePageEdges(BaseModel):
    node: "ProductsPagePageEdgesNode"


ProductsPagePageEdgesNode = ProductFacts
ProductsPage.model_rebuild()
ProductsPagePage.model_rebuild()
ProductsPagePageEdges.model_rebuild()

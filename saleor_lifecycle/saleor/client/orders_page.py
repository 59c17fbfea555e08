from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import OrderFacts


class OrdersPage(BaseModel):
    page: Optional["OrdersPagePage"]


class OrdersPagePage(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount", default=None)
    page_info: "OrdersPagePagePageInfo" = Field(alias="pageInfo")
    edges: list["OrdersPagePageEdges"]


class OrdersPagePagePageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrdersPagePageEdges(BaseModel):
    node: "OrdersPagePageEdgesNode"


OrdersPagePageEdgesNode = OrderFacts
OrdersPage.model_rebuild()
OrdersPagePage.model_rebuild()
OrdersPagePageEdges.model_rebuild()

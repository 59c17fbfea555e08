from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class OrdersPassed(BaseModel):
    page: Optional["OrdersPassedPage"]


class OrdersPassedPage(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount", default=None)
    page_info: "OrdersPassedPagePageInfo" = Field(alias="pageInfo")


class OrdersPassedPagePageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrdersPassed.model_rebuild()
OrdersPassedPage.model_rebuild()

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import OpenCheckout


class CheckoutsPage(BaseModel):
    page: Optional["CheckoutsPagePage"]


class CheckoutsPagePage(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount", default=None)
    page_info: "CheckoutsPagePagePageInfo" = Field(alias="pageInfo")
    edges: list["CheckoutsPagePageEdges"]


class CheckoutsPagePagePageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class CheckoutsPagePageEdges(BaseModel):
    node: "CheckoutsPagePageEdgesNode"


CheckoutsPagePageEdgesNode = OpenCheckout
CheckoutsPage.model_rebuild()
CheckoutsPagePage.model_rebuild()
CheckoutsPagePageEdges.model_rebuild()

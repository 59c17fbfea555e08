from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import UserFacts


class CustomersPage(BaseModel):
    page: Optional["CustomersPagePage"]


class CustomersPagePage(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount", default=None)
    page_info: "CustomersPagePagePageInfo" = Field(alias="pageInfo")
    edges: list["CustomersPagePageEdges"]


class CustomersPagePagePageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class CustomersPagePageEdges(BaseModel):
    node: "CustomersPagePageEdgesNode"


CustomersPagePageEdgesNode = UserFacts
CustomersPage.model_rebuild()
CustomersPagePage.model_rebuild()
CustomersPagePageEdges.model_rebuild()

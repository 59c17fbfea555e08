from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class VoucherCodes(BaseModel):
    voucher: Optional["VoucherCodesVoucher"]


class VoucherCodesVoucher(BaseModel):
    codes: Optional["VoucherCodesVoucherCodes"]


class VoucherCodesVoucherCodes(BaseModel):
    edges: list["VoucherCodesVoucherCodesEdges"]
    page_info: "VoucherCodesVoucherCodesPageInfo" = Field(alias="pageInfo")


class VoucherCodesVoucherCodesEdges(BaseModel):
    node: "VoucherCodesVoucherCodesEdgesNode"


class VoucherCodesVoucherCodesEdgesNode(BaseModel):
    id: str
    code: Optional[str]


class VoucherCodesVoucherCodesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


VoucherCodes.model_rebuild()
VoucherCodesVoucher.model_rebuild()
VoucherCodesVoucherCodes.model_rebuild()
VoucherCodesVoucherCodesEdges.model_rebuild()

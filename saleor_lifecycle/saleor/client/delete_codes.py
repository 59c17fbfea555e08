from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import VoucherCodeBulkDeleteErrorCode


class DeleteCodes(BaseModel):
    voucher_code_bulk_delete: Optional["DeleteCodesVoucherCodeBulkDelete"] = Field(
        alias="voucherCodeBulkDelete"
    )


class DeleteCodesVoucherCodeBulkDelete(BaseModel):
    count: int
    errors: list["DeleteCodesVoucherCodeBulkDeleteErrors"]


class DeleteCodesVoucherCodeBulkDeleteErrors(BaseModel):
    path: Optional[str]
    code: VoucherCodeBulkDeleteErrorCode


DeleteCodes.model_rebuild()
DeleteCodesVoucherCodeBulkDelete.model_rebuild()

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import DiscountErrorCode


class AddCodes(BaseModel):
    voucher_update: Optional["AddCodesVoucherUpdate"] = Field(alias="voucherUpdate")


class AddCodesVoucherUpdate(BaseModel):
    errors: list["AddCodesVoucherUpdateErrors"]


class AddCodesVoucherUpdateErrors(BaseModel):
    field: Optional[str]
    code: DiscountErrorCode
    voucher_codes: Optional[list[str]] = Field(alias="voucherCodes")


AddCodes.model_rebuild()
AddCodesVoucherUpdate.model_rebuild()

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import DiscountErrorCode


class ListVoucher(BaseModel):
    voucher_channel_listing_update: Optional[
        "ListVoucherVoucherChannelListingUpdate"
    ] = Field(alias="voucherChannelListingUpdate")


class ListVoucherVoucherChannelListingUpdate(BaseModel):
    errors: list["ListVoucherVoucherChannelListingUpdateErrors"]


class ListVoucherVoucherChannelListingUpdateErrors(BaseModel):
    field: Optional[str]
    code: DiscountErrorCode


ListVoucher.model_rebuild()
ListVoucherVoucherChannelListingUpdate.model_rebuild()

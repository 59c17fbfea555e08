from typing import Optional

from .base_model import BaseModel
from .fragments import OfferedVoucher


class OfferedVouchers(BaseModel):
    vouchers: Optional["OfferedVouchersVouchers"]


class OfferedVouchersVouchers(BaseModel):
    edges: list["OfferedVouchersVouchersEdges"]


class OfferedVouchersVouchersEdges(BaseModel):
    node: "OfferedVouchersVouchersEdgesNode"


OfferedVouchersVouchersEdgesNode = OfferedVoucher
OfferedVouchers.model_rebuild()
OfferedVouchersVouchers.model_rebuild()
OfferedVouchersVouchersEdges.model_rebuild()

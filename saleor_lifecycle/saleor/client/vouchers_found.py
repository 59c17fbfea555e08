from typing import Optional

from .base_model import BaseModel


class VouchersFound(BaseModel):
    vouchers: Optional["VouchersFoundVouchers"]


class VouchersFoundVouchers(BaseModel):
    edges: list["VouchersFoundVouchersEdges"]


class VouchersFoundVouchersEdges(BaseModel):
    node: "VouchersFoundVouchersEdgesNode"


class VouchersFoundVouchersEdgesNode(BaseModel):
    id: str
    name: Optional[str]


VouchersFound.model_rebuild()
VouchersFoundVouchers.model_rebuild()
VouchersFoundVouchersEdges.model_rebuild()

from typing import Optional

from .base_model import BaseModel
from .fragments import CheckoutTruth


class CheckoutTruthById(BaseModel):
    checkout: Optional["CheckoutTruthByIdCheckout"]


CheckoutTruthByIdCheckout = CheckoutTruth
CheckoutTruthById.model_rebuild()

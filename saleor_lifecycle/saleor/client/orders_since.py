from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import OrdersFound


class OrdersSince(BaseModel):
    by_checkout: Optional["OrdersSinceByCheckout"] = Field(alias="byCheckout")
    by_user: Optional["OrdersSinceByUser"] = Field(alias="byUser")
    by_email: Optional["OrdersSinceByEmail"] = Field(alias="byEmail")


OrdersSinceByCheckout = OrdersFound
OrdersSinceByUser = OrdersFound
OrdersSinceByEmail = OrdersFound
OrdersSince.model_rebuild()

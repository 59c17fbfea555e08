from typing import Optional

from .base_model import BaseModel


class TextsUnderKey(BaseModel):
    customers: Optional["TextsUnderKeyCustomers"] = None
    checkouts: Optional["TextsUnderKeyCheckouts"] = None
    orders: Optional["TextsUnderKeyOrders"] = None


class TextsUnderKeyCustomers(BaseModel):
    edges: list["TextsUnderKeyCustomersEdges"]


class TextsUnderKeyCustomersEdges(BaseModel):
    node: "TextsUnderKeyCustomersEdgesNode"


class TextsUnderKeyCustomersEdgesNode(BaseModel):
    metadata: list["TextsUnderKeyCustomersEdgesNodeMetadata"]


class TextsUnderKeyCustomersEdgesNodeMetadata(BaseModel):
    key: str
    value: str


class TextsUnderKeyCheckouts(BaseModel):
    edges: list["TextsUnderKeyCheckoutsEdges"]


class TextsUnderKeyCheckoutsEdges(BaseModel):
    node: "TextsUnderKeyCheckoutsEdgesNode"


class TextsUnderKeyCheckoutsEdgesNode(BaseModel):
    metadata: list["TextsUnderKeyCheckoutsEdgesNodeMetadata"]


class TextsUnderKeyCheckoutsEdgesNodeMetadata(BaseModel):
    key: str
    value: str


class TextsUnderKeyOrders(BaseModel):
    edges: list["TextsUnderKeyOrdersEdges"]


class TextsUnderKeyOrdersEdges(BaseModel):
    node: "TextsUnderKeyOrdersEdgesNode"


class TextsUnderKeyOrdersEdgesNode(BaseModel):
    metadata: list["TextsUnderKeyOrdersEdgesNodeMetadata"]


class TextsUnderKeyOrdersEdgesNodeMetadata(BaseModel):
    key: str
    value: str


TextsUnderKey.model_rebuild()
TextsUnderKeyCustomers.model_rebuild()
TextsUnderKeyCustomersEdges.model_rebuild()
TextsUnderKeyCustomersEdgesNode.model_rebuild()
TextsUnderKeyCheckouts.model_rebuild()
TextsUnderKeyCheckoutsEdges.model_rebuild()
TextsUnderKeyCheckoutsEdgesNode.model_rebuild()
TextsUnderKeyOrders.model_rebuild()
TextsUnderKeyOrdersEdges.model_rebuild()
TextsUnderKeyOrdersEdgesNode.model_rebuild()

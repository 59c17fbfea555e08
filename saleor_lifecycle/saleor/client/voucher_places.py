from typing import Optional

from .base_model import BaseModel


class VoucherPlaces(BaseModel):
    channels: Optional[list["VoucherPlacesChannels"]]


class VoucherPlacesChannels(BaseModel):
    id: str


VoucherPlaces.model_rebuild()

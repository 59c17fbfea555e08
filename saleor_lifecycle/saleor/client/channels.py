from typing import Optional

from .base_model import BaseModel


class Channels(BaseModel):
    channels: Optional[list["ChannelsChannels"]]


class ChannelsChannels(BaseModel):
    slug: str
    name: str


Channels.model_rebuild()

from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import WebhookEventTypeAsyncEnum


class OwnWebhooks(BaseModel):
    app: Optional["OwnWebhooksApp"]


class OwnWebhooksApp(BaseModel):
    id: str
    webhooks: Optional[list["OwnWebhooksAppWebhooks"]]


class OwnWebhooksAppWebhooks(BaseModel):
    id: str
    identifier: Optional[str]
    name: Optional[str]
    target_url: str = Field(alias="targetUrl")
    is_active: bool = Field(alias="isActive")
    subscription_query: Optional[str] = Field(alias="subscriptionQuery")
    custom_headers: Optional[Any] = Field(alias="customHeaders")
    async_events: list["OwnWebhooksAppWebhooksAsyncEvents"] = Field(alias="asyncEvents")


class OwnWebhooksAppWebhooksAsyncEvents(BaseModel):
    event_type: WebhookEventTypeAsyncEnum = Field(alias="eventType")


OwnWebhooks.model_rebuild()
OwnWebhooksApp.model_rebuild()
OwnWebhooksAppWebhooks.model_rebuild()

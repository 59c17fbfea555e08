from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import WebhookEventTypeEnum


class FailedDeliveries(BaseModel):
    webhook: Optional["FailedDeliveriesWebhook"]


class FailedDeliveriesWebhook(BaseModel):
    event_deliveries: Optional["FailedDeliveriesWebhookEventDeliveries"] = Field(
        alias="eventDeliveries"
    )


class FailedDeliveriesWebhookEventDeliveries(BaseModel):
    page_info: "FailedDeliveriesWebhookEventDeliveriesPageInfo" = Field(
        alias="pageInfo"
    )
    edges: list["FailedDeliveriesWebhookEventDeliveriesEdges"]


class FailedDeliveriesWebhookEventDeliveriesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class FailedDeliveriesWebhookEventDeliveriesEdges(BaseModel):
    node: "FailedDeliveriesWebhookEventDeliveriesEdgesNode"


class FailedDeliveriesWebhookEventDeliveriesEdgesNode(BaseModel):
    created_at: datetime = Field(alias="createdAt")
    event_type: WebhookEventTypeEnum = Field(alias="eventType")
    payload: Optional[str]


FailedDeliveries.model_rebuild()
FailedDeliveriesWebhook.model_rebuild()
FailedDeliveriesWebhookEventDeliveries.model_rebuild()
FailedDeliveriesWebhookEventDeliveriesEdges.model_rebuild()

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import WebhookErrorCode


class CreateWebhook(BaseModel):
    webhook_create: Optional["CreateWebhookWebhookCreate"] = Field(
        alias="webhookCreate"
    )


class CreateWebhookWebhookCreate(BaseModel):
    webhook: Optional["CreateWebhookWebhookCreateWebhook"]
    errors: list["CreateWebhookWebhookCreateErrors"]


class CreateWebhookWebhookCreateWebhook(BaseModel):
    id: str


class CreateWebhookWebhookCreateErrors(BaseModel):
    field: Optional[str]
    code: WebhookErrorCode


CreateWebhook.model_rebuild()
CreateWebhookWebhookCreate.model_rebuild()

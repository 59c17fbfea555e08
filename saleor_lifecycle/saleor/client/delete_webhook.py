from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import WebhookErrorCode


class DeleteWebhook(BaseModel):
    webhook_delete: Optional["DeleteWebhookWebhookDelete"] = Field(
        alias="webhookDelete"
    )


class DeleteWebhookWebhookDelete(BaseModel):
    errors: list["DeleteWebhookWebhookDeleteErrors"]


class DeleteWebhookWebhookDeleteErrors(BaseModel):
    field: Optional[str]
    code: WebhookErrorCode


DeleteWebhook.model_rebuild()
DeleteWebhookWebhookDelete.model_rebuild()

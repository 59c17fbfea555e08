"""Who asks, and what each root field asks of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import SyncExtensionResolver
from strawberry.types.field import StrawberryField

from saleor_lifecycle.saleor.tokens import DashboardToken

from ..errors import Refusal


class Permission(StrEnum):
    """Those of Saleor's permissions that we ask for."""

    USERS = "MANAGE_USERS"
    CHECKOUTS = "MANAGE_CHECKOUTS"


@dataclass(frozen=True, slots=True)
class Context:
    """A request by a staff member whose token was verified."""

    installation_id: int
    token: DashboardToken
    now: datetime
    language: str = "en"  # as Accept-Language says it


Info = strawberry.Info[Context, None]


class Needs(FieldExtension):
    """Lets a field be resolved only for a token with a permission, and says so in its description."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def apply(self, field: StrawberryField) -> None:
        field.description = f"{self.permission.value}. {field.description or ''}".rstrip()

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: Info, **arguments: Any) -> Any:
        if self.permission.value not in info.context.token.permissions:
            raise Refusal(
                f"You need the permission {self.permission.value}.",
                "PERMISSION_DENIED",
                permission=self.permission.value,
            )
        return next_(source, info, **arguments)

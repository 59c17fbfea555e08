"""Who asks: an app, a signed-in user or nobody; and what they may do."""

from dataclasses import dataclass
from typing import Any

from .permissions import held_by
from .records import App, User


class PermissionDenied(Exception):
    """What Saleor answers, with HTTP 200, to whoever lacks a permission or a valid token."""

    def __init__(self, *permissions: str) -> None:
        names = ", ".join(sorted(permissions))
        super().__init__(
            f"To access this path, you need one of the following permissions: {names}"
            if names
            else "You do not have permission to perform this action"
        )


class Refused(Exception):
    """A mutation's own error: Saleor answers it in the payload's ``errors``, with what else it says in ``details``."""

    def __init__(self, field: str | None, message: str, code: str, **details: Any) -> None:
        super().__init__(message)
        self.field, self.message, self.code, self.details = field, message, code, details


@dataclass(frozen=True, slots=True)
class Actor:
    """``limit`` are the permissions of a token that the user gave to an app; None is no limit."""

    app: App | None = None
    user: User | None = None
    limit: frozenset[str] | None = None

    @property
    def id(self) -> str | None:
        if self.app:
            return self.app.id
        return self.user.id if self.user else None

    @property
    def permissions(self) -> frozenset[str]:
        if self.app:
            return frozenset(self.app.permissions)
        held = held_by(self.user) if self.user else frozenset()
        return held if self.limit is None else held & self.limit

    @property
    def is_staff_or_app(self) -> bool:
        return bool(self.app or (self.user and self.user.is_staff))

    def may(self, *permissions: str) -> bool:
        """Whether one of the permissions is held."""
        return not self.permissions.isdisjoint(permissions)

    def require(self, *permissions: str) -> None:
        if not self.may(*permissions):
            raise PermissionDenied(*permissions)


NOBODY = Actor()

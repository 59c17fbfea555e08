"""Who asks: an app, a signed-in user or nobody; and what they may do."""

from dataclasses import dataclass

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
    """A mutation's own error: Saleor answers it in the payload's ``errors``."""

    def __init__(self, field: str | None, message: str, code: str) -> None:
        super().__init__(message)
        self.field, self.message, self.code = field, message, code


@dataclass(frozen=True, slots=True)
class Actor:
    app: App | None = None
    user: User | None = None

    @property
    def id(self) -> str | None:
        if self.app:
            return self.app.id
        return self.user.id if self.user else None

    def may(self, *permissions: str) -> bool:
        """Whether one of the permissions is held; staff hold them all."""
        if self.app:
            return bool(set(permissions) & set(self.app.permissions))
        return bool(self.user and self.user.is_staff)

    def require(self, *permissions: str) -> None:
        if not self.may(*permissions):
            raise PermissionDenied(*permissions)


NOBODY = Actor()

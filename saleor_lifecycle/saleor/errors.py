"""What can go wrong when the app asks a shop something, told apart by who must act.

No message holds the token, an answer's text or anything about a customer: messages reach logs.
"""

from datetime import timedelta


class ShopError(Exception):
    """Any of the troubles below."""


class ShopAway(ShopError):
    """Temporary: no connection, a time-out, 429, 5xx, a broken answer. Wait and ask again.

    ``retry_after`` is how long the shop itself wants it left alone, None where it does not say.
    """

    def __init__(self, text: str, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class TokenDead(ShopError):
    """The token is not one of an active app. The merchant must activate the app or install it again."""


class PermissionMissing(ShopError):
    """The app is known but may not do this. The merchant must grant a permission."""


class Refused(ShopError):
    """Saleor does not accept the document: a mistake of ours, or a version that we do not know."""


class Gone(ShopError):
    """What was to be changed is not there any more."""


class Incomplete(ShopError):
    """There was more than one page of answers, so absence proves nothing."""

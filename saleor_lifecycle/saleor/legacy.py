"""Saleor before 3.23 says that staff deleted a customer only in its old way: by a body that no query shaped.

Such a body names neither its event nor its recipient, and the shop signs the same one for other events and other apps
too. So the webhook carries a header of ours that tells whom it is for; whoever does not know it cannot pass off one
for the other. A manifest may not hold a webhook without a query: it is made afterwards (reconciliation.py).
"""

from typing import Any

from django.core.signing import BadSignature, Signer

from saleor_lifecycle.saleor.versions import Version

EVENT = "CUSTOMER_DELETED"
NAME = "lifecycle customer deletions"
HEADER = "x-lifecycle-recipient"

_NEEDED_BEFORE: Version = (3, 23, 0)


def is_needed(saleor: Version) -> bool:
    """True for a Saleor without the type CustomerDeleted."""
    return saleor < _NEEDED_BEFORE


def seal(app_id: str) -> str:
    """What the header says to a webhook of that app."""
    return _signer().sign(app_id)


def recipient(sealed: str) -> str | None:
    """The app that a header names; None when it is not one of ours."""
    try:
        return _signer().unsign(sealed)
    except BadSignature:
        return None


def deleted_user(event: str, content: object) -> dict[str, Any] | None:
    """The user in a parsed body of that event (the delivery's header, as it was stored); None if it is no such body.

    Nothing in the body tells a deletion from a creation, so the caller has to know that the header was ours.
    """
    if event.upper() != EVENT or not isinstance(content, list) or len(content) != 1:
        return None
    user = content[0]
    return user if isinstance(user, dict) and user.get("type") == "User" else None


def _signer() -> Signer:
    return Signer(salt="lifecycle.recipient")

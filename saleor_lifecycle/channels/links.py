"""The links that a mail carries: signed, without a checkout's id, an address or a name in them.

A token is the two UUIDs (and, where it ends, the second in which it does) in base64 with Django's signature;
each purpose signs with a salt of its own. Signed with SECRET_KEY, read with SECRET_KEY_FALLBACKS too: a key
that is changed must stay among them, or the unsubscribe links in people's mailboxes die.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer

_RESTORE = "lifecycle.restore"
_UNSUBSCRIBE = "lifecycle.unsubscribe"


@dataclass(frozen=True, slots=True)
class Link:
    """Which message of which installation was followed."""

    installation_id: UUID
    message_id: UUID


class LinkBroken(Exception):
    """A token that we did not make, or not for this purpose."""


class LinkExpired(Exception):
    """A token of ours whose time is over; ``link`` still says whose it was."""

    def __init__(self, link: Link) -> None:
        super().__init__("the link's time is over")
        self.link = link


def restore_url(public_url: str, link: Link, expires_at: datetime) -> str:
    """The address that brings back the cart until ``expires_at``: ``<public_url>/cart/<token>``."""
    ends = struct.pack(">Q", int(expires_at.timestamp()))
    return f"{public_url.rstrip('/')}/cart/{_sign(_RESTORE, _pack(link) + ends)}"


def read_restore(token: str, now: datetime) -> Link:
    """The link that a cart's token stands for; LinkExpired from ``expires_at`` on, else LinkBroken."""
    packed = _unsign(_RESTORE, token, length=40)
    link = _unpack(packed)
    if now >= datetime.fromtimestamp(struct.unpack(">Q", packed[32:])[0], UTC):
        raise LinkExpired(link)
    return link


def unsubscribe_url(public_url: str, link: Link) -> str:
    """The address that ends every commercial mail, valid for ever: ``<public_url>/unsubscribe/<token>``."""
    return f"{public_url.rstrip('/')}/unsubscribe/{_sign(_UNSUBSCRIBE, _pack(link))}"


def read_unsubscribe(token: str) -> Link:
    """The link that an unsubscribe address stands for; LinkBroken for any other token."""
    return _unpack(_unsign(_UNSUBSCRIBE, token, length=32))


def _pack(link: Link) -> bytes:
    return link.installation_id.bytes + link.message_id.bytes


def _unpack(packed: bytes) -> Link:
    return Link(UUID(bytes=packed[:16]), UUID(bytes=packed[16:32]))


def _sign(purpose: str, packed: bytes) -> str:
    return Signer(sep=".", salt=purpose).sign(urlsafe_b64encode(packed).rstrip(b"=").decode())


def _unsign(purpose: str, token: str, length: int) -> bytes:
    try:
        value = Signer(sep=".", salt=purpose).unsign(token)
        packed = urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (BadSignature, NotBase64, ValueError) as error:
        raise LinkBroken from error
    if len(packed) != length:
        raise LinkBroken
    return packed

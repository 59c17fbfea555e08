"""The links that a mail or a storefront carries: signed, without a checkout's id, an address or a name in them.

A token is two UUIDs (and, where it ends, the second in which it does; of a link that is followed by way of us, which
it is and where it leads) in base64 with Django's signature; each purpose signs with a salt of its own. Signed with
SECRET_KEY, read with SECRET_KEY_FALLBACKS too: a key that is changed must stay among them, or the unsubscribe links in
people's mailboxes die.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.core.signing import BadSignature, Signer

_RESTORE = "lifecycle.restore"
_OFFER = "lifecycle.offer"
_UNSUBSCRIBE = "lifecycle.unsubscribe"
_PREFERENCES = "lifecycle.preferences"
_CONFIRM = "lifecycle.confirm"
_SENDER = "lifecycle.sender"
_CLICK = "lifecycle.click"
_OPEN = "lifecycle.open"

LONGEST_TARGET = 1200
"""Bytes of an address that is followed by way of us; signed it stays below what servers and mail programs take."""


@dataclass(frozen=True, slots=True)
class Link:
    """Which message of which installation was followed."""

    installation_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class CartLink:
    """Which cart of which installation was offered in a storefront."""

    installation_id: UUID
    cart_id: UUID


@dataclass(frozen=True, slots=True)
class OptInLink:
    """Which form of which installation is confirmed."""

    installation_id: UUID
    opt_in_id: UUID


@dataclass(frozen=True, slots=True)
class SenderLink:
    """Which sender of which installation is confirmed."""

    installation_id: UUID
    sender_id: UUID


@dataclass(frozen=True, slots=True)
class Click:
    """Which of a message's links was followed: the ``place``-th of ``links``, from 0, and where it leads."""

    message: Link
    place: int
    links: int
    url: str


class LinkBroken(Exception):
    """A token that we did not make, or not for this purpose."""


class LinkExpired(Exception):
    """A token of ours whose time is over; ``link`` still says whose it was."""

    def __init__(self, link: Link | CartLink) -> None:
        super().__init__("the link's time is over")
        self.link = link


def restore_url(public_url: str, link: Link, expires_at: datetime) -> str:
    """The address that brings back the cart until ``expires_at``: ``<public_url>/cart/<token>``."""
    return f"{public_url.rstrip('/')}/cart/{_sign(_RESTORE, _pack(link.installation_id, link.message_id, expires_at))}"


def offer_token(link: CartLink, expires_at: datetime) -> str:
    """The token that brings back an offered cart until ``expires_at``; the same each time it is asked for."""
    return _sign(_OFFER, _pack(link.installation_id, link.cart_id, expires_at))


def read_restore(token: str, now: datetime) -> Link | CartLink:
    """What a cart's token, of a mail or of an offer, stands for; LinkExpired from its end on, else LinkBroken."""
    link: Link | CartLink
    try:
        packed = _unsign(_RESTORE, token, length=40)
        link = Link(*_unpack(packed))
    except LinkBroken:
        packed = _unsign(_OFFER, token, length=40)
        link = CartLink(*_unpack(packed))
    if now >= datetime.fromtimestamp(struct.unpack(">Q", packed[32:])[0], UTC):
        raise LinkExpired(link)
    return link


def unsubscribe_url(public_url: str, link: Link) -> str:
    """The address that ends every commercial mail, valid for ever: ``<public_url>/unsubscribe/<token>``."""
    return f"{public_url.rstrip('/')}/unsubscribe/{_sign(_UNSUBSCRIBE, _pack(link.installation_id, link.message_id))}"


def read_unsubscribe(token: str) -> Link:
    """The link that an unsubscribe address stands for; LinkBroken for any other token."""
    return Link(*_unpack(_unsign(_UNSUBSCRIBE, token, length=32)))


def preferences_url(public_url: str, link: Link) -> str:
    """The address of the preferences of whom a message went to, for ever: ``<public_url>/preferences/<token>``."""
    return f"{public_url.rstrip('/')}/preferences/{preferences_token(link)}"


def preferences_token(link: Link) -> str:
    """What stands in that address."""
    return _sign(_PREFERENCES, _pack(link.installation_id, link.message_id))


def read_preferences(token: str) -> Link:
    """The link that an address of preferences stands for; LinkBroken for any other token."""
    return Link(*_unpack(_unsign(_PREFERENCES, token, length=32)))


def confirm_url(public_url: str, link: OptInLink) -> str:
    """The address that confirms a form: ``<public_url>/confirm/<token>``. The form's row knows until when."""
    return f"{public_url.rstrip('/')}/confirm/{_sign(_CONFIRM, _pack(link.installation_id, link.opt_in_id))}"


def read_confirm(token: str) -> OptInLink:
    """What a confirming address stands for; LinkBroken for any other token."""
    return OptInLink(*_unpack(_unsign(_CONFIRM, token, length=32)))


def sender_url(public_url: str, link: SenderLink) -> str:
    """The address that confirms a sender: ``<public_url>/sender/<token>``. The sender's row knows until when."""
    return f"{public_url.rstrip('/')}/sender/{_sign(_SENDER, _pack(link.installation_id, link.sender_id))}"


def read_sender(token: str) -> SenderLink:
    """What such an address stands for; LinkBroken for any other token."""
    return SenderLink(*_unpack(_unsign(_SENDER, token, length=32)))


def click_url(public_url: str, click: Click) -> str:
    """The address that leads to the click's own, valid for ever: ``<public_url>/c/<token>``.

    ValueError for what may not be led to: another scheme than http and https, a host that is missing, too long a text.
    """
    target = click.url.encode()
    if not _is_followable(click.url) or len(target) > LONGEST_TARGET:
        raise ValueError("no address that is followed by way of us")
    numbers = struct.pack(">BB", click.place, click.links)
    packed = _pack(click.message.installation_id, click.message.message_id) + numbers + target
    return f"{public_url.rstrip('/')}/c/{_sign(_CLICK, packed)}"


def read_click(token: str) -> Click:
    """The click that a token stands for; LinkBroken for any other token. Only what we signed is led to."""
    packed = _unsign(_CLICK, token)
    return Click(Link(*_unpack(packed)), packed[32], packed[33], packed[34:].decode())


def open_url(public_url: str, link: Link) -> str:
    """The address of the picture that tells of an opened message: ``<public_url>/o/<token>.gif``."""
    return f"{public_url.rstrip('/')}/o/{_sign(_OPEN, _pack(link.installation_id, link.message_id))}.gif"


def read_open(token: str) -> Link:
    """The message whose picture was loaded; LinkBroken for any other token."""
    return Link(*_unpack(_unsign(_OPEN, token, length=32)))


def _is_followable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        return False


def _pack(installation_id: UUID, named_id: UUID, expires_at: datetime | None = None) -> bytes:
    ends = b"" if expires_at is None else struct.pack(">Q", int(expires_at.timestamp()))
    return installation_id.bytes + named_id.bytes + ends


def _unpack(packed: bytes) -> tuple[UUID, UUID]:
    return UUID(bytes=packed[:16]), UUID(bytes=packed[16:32])


def _sign(purpose: str, packed: bytes) -> str:
    return Signer(sep=".", salt=purpose).sign(urlsafe_b64encode(packed).rstrip(b"=").decode())


def _unsign(purpose: str, token: str, length: int | None = None) -> bytes:
    try:
        value = Signer(sep=".", salt=purpose).unsign(token)
        packed = urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (BadSignature, NotBase64, ValueError) as error:
        raise LinkBroken from error
    if length is not None and len(packed) != length:
        raise LinkBroken
    return packed

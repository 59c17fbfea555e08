import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from saleor_lifecycle.channels.links import (
    CartLink,
    Link,
    LinkBroken,
    LinkExpired,
    offer_token,
    read_restore,
    read_unsubscribe,
    restore_url,
    unsubscribe_url,
)

LINK = Link(UUID("0192f0aa-0000-7000-8000-000000000001"), UUID("0192f0aa-0000-7000-8000-0000000000ff"))
ENDS = datetime(2026, 3, 8, 12, tzinfo=UTC)


def restore_token() -> str:
    return restore_url("https://app.example/", LINK, ENDS).removeprefix("https://app.example/cart/")


def unsubscribe_token() -> str:
    return unsubscribe_url("https://app.example", LINK).removeprefix("https://app.example/unsubscribe/")


def test_says_whose_message_was_followed() -> None:
    assert read_restore(restore_token(), ENDS - timedelta(days=6)) == LINK
    assert read_unsubscribe(unsubscribe_token()) == LINK


@pytest.mark.parametrize("token", [restore_token, unsubscribe_token])
def test_stands_in_an_address_without_being_quoted(token: Any) -> None:
    assert re.fullmatch(r"[\w.-]{80,110}", token())


@pytest.mark.parametrize(
    ("when", "is_over"), [(-timedelta(seconds=1), False), (timedelta(0), True), (timedelta(seconds=1), True)]
)
def test_a_cart_link_ends_when_its_time_is_over(when: timedelta, is_over: bool) -> None:
    if not is_over:
        assert read_restore(restore_token(), ENDS + when) == LINK
        return
    with pytest.raises(LinkExpired) as expired:
        read_restore(restore_token(), ENDS + when)
    assert expired.value.link == LINK


@pytest.mark.parametrize("token", ["", ".", "x", "a.b", "\x00", "é.é"])
def test_refuses_what_we_did_not_sign(token: str) -> None:
    with pytest.raises(LinkBroken):
        read_unsubscribe(token)
    with pytest.raises(LinkBroken):
        read_restore(token, ENDS)


def test_refuses_a_token_with_any_letter_changed() -> None:
    token = unsubscribe_token()
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkBroken):
            read_unsubscribe(changed)


def test_refuses_a_token_of_the_other_purpose() -> None:
    with pytest.raises(LinkBroken):
        read_restore(unsubscribe_token(), ENDS - timedelta(days=1))
    with pytest.raises(LinkBroken):
        read_unsubscribe(restore_token())


def test_reads_tokens_signed_with_a_key_that_was_retired(settings: Any) -> None:
    token = unsubscribe_token()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert read_unsubscribe(token) == LINK

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LinkBroken):
        read_unsubscribe(token)


OFFERED = CartLink(LINK.installation_id, UUID("0192f0aa-0000-7000-8000-0000000000ca"))


def test_an_offers_token_stands_for_its_cart_and_is_the_same_each_time() -> None:
    token = offer_token(OFFERED, ENDS)
    assert token == offer_token(OFFERED, ENDS)
    assert read_restore(token, ENDS - timedelta(seconds=1)) == OFFERED


@pytest.mark.parametrize("when", [timedelta(0), timedelta(seconds=1)])
def test_an_offers_token_ends_and_still_says_whose_it_was(when: timedelta) -> None:
    with pytest.raises(LinkExpired) as expired:
        read_restore(offer_token(OFFERED, ENDS), ENDS + when)
    assert expired.value.link == OFFERED


def test_an_offers_token_ends_no_mails() -> None:
    with pytest.raises(LinkBroken):
        read_unsubscribe(offer_token(OFFERED, ENDS))

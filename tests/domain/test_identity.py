from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.facts import Version
from saleor_lifecycle.domain.identity import Claim, IdentityKind, Key, is_anonymised, key_of, masked, owner, owner_of

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def claim(user_id: str, updated: int = 0, issued: int = 0, digest: str = "d") -> Claim:
    return Claim(user_id, Version(NOON + updated * MINUTE, NOON + issued * MINUTE, digest))


# One body tells of one account, so no two claims share a digest.
claims = st.lists(
    st.tuples(st.sampled_from(["ann", "bob"]), st.integers(0, 2), st.integers(0, 2), st.text("abc", max_size=3)),
    min_size=1,
    unique_by=lambda fields: fields[3],
).map(lambda rows: [claim(*row) for row in rows])


@pytest.mark.parametrize(
    ("case", "current", "new", "winner"),
    [
        ("nobody had it", None, claim("bob"), "bob"),
        ("a newer snapshot", claim("ann"), claim("bob", updated=1), "bob"),
        ("an older snapshot that comes late", claim("ann", updated=1), claim("bob"), "ann"),
        ("issued later under the same date", claim("ann"), claim("bob", issued=1), "bob"),
        ("updated earlier but issued later", claim("ann", updated=1), claim("bob", issued=2), "ann"),
        ("nothing but the digest differs", claim("ann", digest="a"), claim("bob", digest="b"), "bob"),
        ("the same delivery again", claim("ann"), claim("ann"), "ann"),
    ],
)
def test_an_email_belongs_to_the_account_that_confirmed_it_last(
    case: str, current: Claim | None, new: Claim, winner: str
) -> None:
    assert owner(current, new).user_id == winner, case


@given(claims=claims, data=st.data())
def test_who_owns_an_email_does_not_depend_on_the_order_of_arrival(claims: list[Claim], data: st.DataObject) -> None:
    arrivals = data.draw(st.permutations(claims + data.draw(st.lists(st.sampled_from(claims), max_size=3))))
    assert reduce(owner, arrivals, None) == max(claims, key=lambda one: one.version)


@given(claims=claims, apart=st.sets(st.sampled_from(["ann", "bob"])), data=st.data())
def test_a_claim_of_one_who_is_kept_apart_counts_for_nothing(
    claims: list[Claim], apart: set[str], data: st.DataObject
) -> None:
    counting = [one for one in claims if one.user_id not in apart]
    arrivals = data.draw(st.permutations(claims))
    assert owner_of(arrivals, apart) == max(counting, key=lambda one: one.version, default=None)


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("ada@example.com", "a•••@example.com"),
        ("a@example.com", "a•••@example.com"),
        ("жанна@пример.рф", "ж•••@пример.рф"),
    ],
)
def test_shows_of_an_e_mail_what_tells_it_from_others(email: str, shown: str) -> None:
    assert masked(email) == shown


@pytest.mark.parametrize(
    ("case", "user_id", "email", "key"),
    [
        ("an account outweighs the e-mail typed", "VXNlcjox", "ann@example.com", Key(IdentityKind.USER, "VXNlcjox")),
        ("an account without an e-mail", "VXNlcjox", None, Key(IdentityKind.USER, "VXNlcjox")),
        ("a guest", None, "ann@example.com", Key(IdentityKind.EMAIL, "ann@example.com")),
        ("an empty account", "", "ann@example.com", Key(IdentityKind.EMAIL, "ann@example.com")),
        ("nobody yet", None, None, None),
        ("an empty e-mail", None, "", None),
    ],
)
def test_a_cart_or_an_order_is_the_accounts_else_the_emails(
    case: str, user_id: str | None, email: str | None, key: Key | None
) -> None:
    assert key_of(user_id, email) == key, case


def test_a_cart_or_an_order_whose_e_mail_was_erased_is_the_nameless_one_s() -> None:
    assert key_of(None, None, "hash") == Key(IdentityKind.ERASED, "hash")
    assert key_of("VXNlcjox", None, "hash") == Key(IdentityKind.USER, "VXNlcjox"), "an account outweighs it"


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("3f0c2c8e-7a51-4f0e-9d0b-1c8f5d2a9b77@example.com", True),
        ("3f0c2c8e-7a51-4f0e-9d0b-1c8f5d2a9b77@example.org", False),
        ("3f0c2c8e7a514f0e9d0b1c8f5d2a9b77@example.com", False),
        ("x3f0c2c8e-7a51-4f0e-9d0b-1c8f5d2a9b77@example.com", False),
        ("ada@example.com", False),
        (None, False),
    ],
)
def test_a_placeholder_of_the_anonymizer_is_known_by_its_form(email: str | None, expected: bool) -> None:
    assert is_anonymised(email) is expected

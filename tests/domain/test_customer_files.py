from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.domain.customer_files import (
    FileMapping,
    Line,
    Reader,
    Reason,
    is_email,
    mapping_document,
    read_mapping,
)
from saleor_lifecycle.domain.file_columns import guess, has_header
from saleor_lifecycle.domain.values import Attribute, Type

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
MAPPING = FileMapping(
    email=0,
    consent=1,
    consent_date=2,
    consent_source=3,
    yes=("yes",),
    no=("no",),
    neither=("never",),
    attributes=((4, Attribute("points", Type.NUMBER)),),
)


def read(*fields: str, **changes: Any) -> Line:
    return Reader(replace(MAPPING, **changes), 5, UTC, NOON).read(fields)


def line(email: str = "eva@example.com", consent: str = "yes", date: str = "2024-05-01", source: str = "form") -> Line:
    return read(email, consent, date, source, "")


def test_a_yes_with_its_date_and_source_is_taken() -> None:
    said = line(" Eva@Example.com ")
    assert (said.reason, said.email, said.is_granted) == (None, "eva@example.com", True)
    assert (said.at, said.evidence) == (datetime(2024, 5, 1, tzinfo=UTC), "form")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (read("eva@example.com", "yes"), Reason.WRONG_COLUMNS),
        (read("eva@example.com", "yes", "2024-05-01", "form", "", "more"), Reason.WRONG_COLUMNS),
        (line(source="x" * 10_001), Reason.TOO_LONG),
        (line(email=" "), Reason.NO_EMAIL),
        (line(email="eva at example.com"), Reason.INVALID_EMAIL),
        (line(email="3f2b8c1e-0000-4000-8000-123456789abc@example.com"), Reason.INVALID_EMAIL),
        (line(consent="perhaps"), Reason.CONSENT_UNREADABLE),
        (line(date=""), Reason.NO_PROOF),
        (line(source=""), Reason.NO_PROOF),
        (line(date="yesterday"), Reason.DATE_UNREADABLE),
        (line(date="2026-03-13"), Reason.DATE_IN_FUTURE),
    ],
)
def test_it_is_refused_for_a_reason(said: Line, reason: Reason) -> None:
    assert said.reason is reason


def test_the_merchant_may_vouch_for_the_whole_file() -> None:
    said = read("eva@example.com", "yes", "", "", "", date="2023-01-31", source="Klaviyo", text="I want news")
    assert (said.is_granted, said.at, said.evidence) == (
        True,
        datetime(2023, 1, 31, tzinfo=UTC),
        "Klaviyo",
    )


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("", NOON),
        ("yesterday", NOON),
        ("2030-01-01", NOON),
    ],
)
def test_a_no_needs_no_proof(date: str, at: datetime) -> None:
    said = line(consent="no", date=date, source="")
    assert (said.reason, said.is_granted, said.at) == (None, False, at)


@pytest.mark.parametrize(
    ("word", "everyone", "is_granted"),
    [("", None, None), ("", True, True), ("", False, False), ("never", True, None), ("no", True, False)],
)
def test_what_is_said_of_everyone_is_said_where_the_line_says_nothing(
    word: str, everyone: bool | None, is_granted: bool | None
) -> None:
    said = read("eva@example.com", word, "2024-05-01", "form", "", everyone=everyone)
    assert (said.reason, said.is_granted) == (None, is_granted)


def test_a_text_that_is_no_value_is_left_out_and_counted() -> None:
    said = read("eva@example.com", "", "", "", "many")
    assert (said.reason, said.attributes, said.unfit) == (None, {}, 1)
    assert read("eva@example.com", "", "", "", "12").attributes == {"points": 12}


def test_empty_fields_at_the_end_are_none() -> None:
    assert read("eva@example.com", "", "", "", "", "", " ").reason is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("eva+news@mail.example.co.uk", True),
        ("eva@exämple.com", True),
        ("eva@example", False),
        ("eva@@example.com", False),
        ("eva..b@example.com", False),
        ("eva@-example.com", False),
        ("eva@example.com\n", False),
        ("eva@example.com,ada@example.com", False),
        ("=cmd@example.com|x", False),
        ("e" * 250 + "@example.com", False),
    ],
)
def test_an_address_is_one_that_mail_can_be_sent_to(text: str, is_one: bool) -> None:
    assert is_email(text) is is_one


def test_a_mapping_is_read_as_it_was_stored() -> None:
    assert read_mapping(mapping_document(MAPPING)) == MAPPING


@pytest.mark.parametrize(
    ("columns", "meanings"),
    [
        (
            ("Klaviyo ID", "Email", "First Name", "Last Name", "Email Marketing Consent", "Source"),
            {"email": 1, "first_name": 2, "last_name": 3, "consent": 4, "consent_source": 5},
        ),
        (("name", "email", "Opt-in status"), {"email": 1, "first_name": 0, "consent": 2}),
        (
            ("Email Address", "First Name", "Last Name", "OPTIN_TIME"),
            {"email": 0, "first_name": 1, "last_name": 2, "consent_date": 3},
        ),
        (
            ("Correo electrónico", "Nombre", "Apellidos", "Idioma", "Suscrito", "Fecha de consentimiento"),
            {"email": 0, "first_name": 1, "last_name": 2, "language": 3, "consent": 4, "consent_date": 5},
        ),
    ],
)
def test_the_columns_of_known_programs_are_known(columns: tuple[str, ...], meanings: dict[str, int]) -> None:
    guessed = guess(columns, [])
    assert guessed is not None
    assert {name: getattr(guessed, name) for name in meanings} == meanings


@pytest.mark.parametrize(
    ("word", "is_granted"),
    [("SUBSCRIBED", True), ("true", True), ("UNSUBSCRIBED", False), ("NEVER_SUBSCRIBED", None), ("Baja", False)],
)
def test_the_words_of_known_programs_are_known(word: str, is_granted: bool | None) -> None:
    guessed = guess(("email", "consent", "consent date", "source"), [])
    assert guessed is not None
    said = Reader(guessed, 4, UTC, NOON).read(("eva@example.com", word, "2024-05-01", "form"))
    assert (said.reason, said.is_granted) == (None, is_granted)


def test_without_names_the_column_with_addresses_is_found() -> None:
    rows = [["Eva", "eva@example.com"], ["Ada", "ada@example.com"]]
    assert not has_header(rows[0])
    guessed = guess(("1", "2"), rows)
    assert guessed is not None
    assert guessed.email == 1
    assert guess(("1", "2"), [["Eva", "Ada"]]) is None


def test_a_line_that_is_a_day_ahead_is_a_clock_that_differs() -> None:
    said = line(date=(NOON + timedelta(hours=23)).isoformat())
    assert (said.reason, said.at) == (None, NOON)

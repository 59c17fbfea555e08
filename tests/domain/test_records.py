import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.records import LONGEST_LINE, MOST_LINES, Record, records

TEXT = 'email;name\n"eva@example.com";"Zoë\nde la ""Cruz"""\n\nada@example.com;Ada\n'


def read(body: bytes, size: int = 7) -> list[Record]:
    return list(records(body[place : place + size] for place in range(0, len(body), size)))


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", "|").encode(),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_files_from_anywhere_are_read(body: bytes, size: int) -> None:
    found = [(one.number, [field.replace("\r\n", "\n") for field in one.fields]) for one in read(body, size)]
    assert found == [
        (1, ["email", "name"]),
        (2, ["eva@example.com", 'Zoë\nde la "Cruz"']),
        (5, ["ada@example.com", "Ada"]),
    ]


def test_lines_of_two_encodings_are_read_side_by_side() -> None:
    found = read("a,ñ\n".encode() + "b,ñ\n".encode("cp1252"))
    assert [one.fields[1] for one in found] == ["ñ", "ñ"]


def test_an_unclosed_quotation_mark_costs_one_line() -> None:
    found = read(b'a,b\n"x,2\n3,4\n' + b"5,6\n" * MOST_LINES)
    assert found[1] == Record(2, ['"x,2'], is_broken=True)
    assert found[2] == Record(3, ["3", "4"])
    assert len(found) == 3 + MOST_LINES


def test_no_character_that_the_database_cannot_hold_comes_through() -> None:
    assert read(b"a\0b,c\n") == [Record(1, ["ab", "c"])]


def test_a_line_without_end_is_cut() -> None:
    found = read(b"email\n" + b"x" * (10 * LONGEST_LINE), size=4096)
    assert all(len(field) <= LONGEST_LINE for one in found for field in one.fields)


def test_an_empty_file_has_no_records() -> None:
    assert read(b"") == read(b"\n\n") == []


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_are_read_the_same_however_they_come(body: bytes, size: int) -> None:
    found = read(body, size)
    assert found == read(body, 1000)
    assert not any("\0" in field for one in found for field in one.fields)

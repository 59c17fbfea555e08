"""How an SMS is counted, and which words end it."""

import pytest

from saleor_lifecycle.domain.sms import Alphabet, Word, count, word_of

GSM7, UCS2 = Alphabet.GSM7, Alphabet.UCS2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (GSM7, 0)),
        ("a" * 160, (GSM7, 1)),
        ("a" * 161, (GSM7, 2)),
        ("a" * 306, (GSM7, 2)),
        ("a" * 307, (GSM7, 3)),
        ("ñ" * 160, (GSM7, 1)),
        ("€" * 80, (GSM7, 1)),
        ("€" * 81, (GSM7, 2)),
        ("a" * 152 + "€" + "a" * 152, (GSM7, 3)),  # the sign does not fit in the first's last place
        ("í" * 70, (UCS2, 1)),
        ("a" * 70 + "í", (UCS2, 2)),
        ("í" * 134, (UCS2, 2)),
        ("í" * 135, (UCS2, 3)),
        ("😀" * 35, (UCS2, 1)),
        ("😀" * 36, (UCS2, 2)),
        ("í" * 66 + "😀" + "í" * 66, (UCS2, 3)),
    ],
)
def test_counts_as_phones_do(text: str, expected: tuple[Alphabet, int]) -> None:
    assert count(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STOP", Word.STOP),
        (" stop. ", Word.STOP),
        ("Baja", Word.STOP),
        ("darse de baja", Word.STOP),
        ("START", Word.START),
        ("alta", Word.START),
        ("please do not stop", None),
        ("stop it", None),
        ("", None),
        ("HELP", None),
    ],
)
def test_reads_only_a_word_that_stands_alone(text: str, expected: Word | None) -> None:
    assert word_of(text) is expected

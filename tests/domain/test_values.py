from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from saleor_lifecycle.domain.values import LONGEST, Attribute, Fault, Type, Unfit, Value, convert, moment

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("text", "type", "value"),
    [
        ("  gold ", Type.TEXT, "gold"),
        ("x" * LONGEST, Type.TEXT, "x" * LONGEST),
        ("", Type.NUMBER, None),
        ("  ", Type.DATE, None),
        ("12", Type.NUMBER, 12),
        ("-3.50", Type.NUMBER, -3.5),
        ("3,5", Type.NUMBER, 3.5),
        ("0,125", Type.NUMBER, 0.125),
        ("1.234,56", Type.NUMBER, 1234.56),
        ("1,234.56", Type.NUMBER, 1234.56),
        ("1.234.567", Type.NUMBER, 1234567),
        ("12 345,6", Type.NUMBER, 12345.6),
        ("2026-12-31", Type.DATE, "2026-12-31"),
        ("2026/1/2", Type.DATE, "2026-01-02"),
        ("2026-12-31T23:59:59+02:00", Type.DATE, "2026-12-31"),
        ("SÍ", Type.BOOLEAN, True),
        ("yes", Type.BOOLEAN, True),
        ("Falso", Type.BOOLEAN, False),
        ("GOLD", Type.CHOICE, "Gold"),
        ("+34 612 345 678", Type.PHONE, "+34612345678"),
        ("0034 (612) 34-56.78", Type.PHONE, "+34612345678"),
    ],
)
def test_a_clear_text_is_a_value(text: str, type: Type, value: Value | None) -> None:
    assert convert(text, Attribute("a", type, ("Gold", "Silver"))) == value


@pytest.mark.parametrize(
    ("text", "type", "fault"),
    [
        ("x" * (LONGEST + 1), Type.TEXT, Fault.TOO_LONG),
        ("twelve", Type.NUMBER, Fault.NOT_A_NUMBER),
        ("12 €", Type.NUMBER, Fault.NOT_A_NUMBER),
        ("1,2,3", Type.NUMBER, Fault.NOT_A_NUMBER),
        ("1.2.3,4", Type.NUMBER, Fault.NOT_A_NUMBER),
        ("1e309", Type.NUMBER, Fault.NOT_A_NUMBER),
        ("9" * 400, Type.NUMBER, Fault.NOT_A_NUMBER),
        ("1.234", Type.NUMBER, Fault.AMBIGUOUS_NUMBER),
        ("1,234", Type.NUMBER, Fault.AMBIGUOUS_NUMBER),
        ("31/12/2026", Type.DATE, Fault.NOT_A_DATE),
        ("2026-02-30", Type.DATE, Fault.NOT_A_DATE),
        ("0001-01-01", Type.DATE, Fault.NOT_A_DATE),
        ("maybe", Type.BOOLEAN, Fault.NOT_YES_OR_NO),
        ("bronze", Type.CHOICE, Fault.NOT_A_CHOICE),
        ("612 345 678", Type.PHONE, Fault.NOT_A_PHONE),
        ("+0612345678", Type.PHONE, Fault.NOT_A_PHONE),
        ("+34", Type.PHONE, Fault.NOT_A_PHONE),
        ("+3461234567890123", Type.PHONE, Fault.NOT_A_PHONE),
        ("+٣٤٦١٢٣٤٥٦٧٨", Type.PHONE, Fault.NOT_A_PHONE),
        ("call +34612345678", Type.PHONE, Fault.NOT_A_PHONE),
    ],
)
def test_what_is_not_clear_is_no_value(text: str, type: Type, fault: Fault) -> None:
    with pytest.raises(Unfit) as unfit:
        convert(text, Attribute("a", type, ("Gold", "Silver")))
    assert unfit.value.fault is fault


@pytest.mark.parametrize("text", ["31/12/2026", "31-12-2026", "31.12.2026", "31/12/2026 8:30", "2026-12-31"])
def test_the_day_may_come_first(text: str) -> None:
    assert convert(text, Attribute("a", Type.DATE, is_day_first=True)) == "2026-12-31"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-07-01 10:00:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("2024-07-01T10:00:00Z", datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("2024-07-01 10:00:00 UTC", datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("1/7/2024 9:05", datetime(2024, 7, 1, 7, 5, tzinfo=UTC)),
        ("01.07.2024", datetime(2024, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_moment_without_its_offset_is_in_the_shops_zone(text: str, at: datetime) -> None:
    assert moment(text, True, MADRID) == at

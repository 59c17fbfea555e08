from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from saleor_lifecycle.domain.zones import _BY_POSTCODE, _parsed, zone_of, zones_by_country


@pytest.mark.parametrize(
    ("country", "postcode", "zone"),
    [
        ("ES", "28013", "Europe/Madrid"),
        ("ES", "35001", "Atlantic/Canary"),
        ("ES", "ES-38001", "Atlantic/Canary"),
        ("ES", "34999", "Europe/Madrid"),
        ("ES", "8001", ""),  # its zero is lost
        ("ES", "52001", "Africa/Ceuta"),
        ("PT", "1000-001", "Europe/Lisbon"),
        ("PT", "9000-017", "Atlantic/Madeira"),
        ("PT", "9500-321", "Atlantic/Azores"),
        ("US", "10001", "America/New_York"),
        ("US", "90210-1234", "America/Los_Angeles"),
        ("US", "57001", "America/Chicago"),
        ("US", "85001", "America/Phoenix"),
        ("US", "96813", "Pacific/Honolulu"),
        ("US", "99546", "America/Adak"),
        ("US", "37301", ""),  # Tennessee is divided there
        ("US", "", ""),
        ("CA", "m5v 3l9", "America/Toronto"),
        ("CA", "A1B 2C3", "America/St_Johns"),
        ("CA", "A0P 1C0", "America/Goose_Bay"),
        ("CA", "P9N 1A1", "America/Winnipeg"),
        ("CA", "S9V 0A1", "America/Edmonton"),
        ("CA", "S4P 3Y2", "America/Regina"),
        ("CA", "V6B 1A1", "America/Vancouver"),
        ("CA", "V0B 1A0", ""),
        ("AU", "2000", "Australia/Sydney"),
        ("AU", "2880", "Australia/Broken_Hill"),
        ("AU", "0800", "Australia/Darwin"),
        ("AU", "4000", "Australia/Brisbane"),
        ("AU", "6000", "Australia/Perth"),
        ("BR", "01310-100", "America/Sao_Paulo"),
        ("BR", "69005-010", "America/Manaus"),
        ("BR", "69900-000", "America/Rio_Branco"),
        ("BR", "69650-000", ""),
        ("BR", "53990-000", "America/Noronha"),
        ("MX", "06000", "America/Mexico_City"),
        ("MX", "22000", "America/Tijuana"),
        ("MX", "77500", "America/Cancun"),
        ("MX", "63732", "America/Bahia_Banderas"),
        ("MX", "26000", ""),
        ("RU", "101000", "Europe/Moscow"),
        ("RU", "236000", "Europe/Kaliningrad"),
        ("RU", "690000", "Asia/Vladivostok"),
        ("RU", "603000", "Europe/Moscow"),
        ("CL", "2770000", "Pacific/Easter"),
        ("CL", "8320000", "America/Santiago"),
        ("CL", "6200000", "America/Punta_Arenas"),
        ("FR", "97400", "Indian/Reunion"),
        ("FR", "75001", ""),  # the country says it
        ("DE", "10115", ""),
        ("", "28013", ""),
    ],
)
def test_a_postcode_decides_where_it_can(country: str, postcode: str, zone: str) -> None:
    assert zone_of(country, postcode) == zone


def test_every_zone_that_a_postcode_decides_is_known_and_no_beginning_says_two_things() -> None:
    for country in _BY_POSTCODE:
        _, ranges = _parsed(country)
        for number, (first, last, zone) in enumerate(ranges):
            assert len(first) == len(last)
            assert first <= last
            assert not zone or ZoneInfo(zone).utcoffset(datetime(2026, 1, 1, tzinfo=UTC)) is not None
            for other_first, other_last, _ in ranges[number + 1 :]:
                assert len(other_first) != len(first) or last < other_first or other_last < first, (country, first)


@pytest.mark.parametrize(
    ("country", "first", "number"),
    [
        ("DE", "Europe/Berlin", 2),
        ("ES", "Europe/Madrid", 3),
        ("US", "America/New_York", 29),
        ("CA", "America/Toronto", 23),
        ("AU", "Australia/Sydney", 12),
        ("BR", "America/Sao_Paulo", 16),
        ("RU", "Europe/Moscow", 26),
        ("MX", "America/Mexico_City", 12),
        ("UA", "Europe/Kyiv", 2),
        ("IN", "Asia/Kolkata", 1),
    ],
)
def test_a_country_names_its_most_populous_zone_first(country: str, first: str, number: int) -> None:
    zones = zones_by_country(files("tzdata.zoneinfo").joinpath("zone.tab").read_text())[country]
    assert zones[0] == first
    assert len(zones) >= number - 3  # the tz database joins and divides some now and then

"""Time zones of addresses: by the postcode where a country has several and it decides, else all of the country's."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

_BY_POSTCODE: Mapping[str, tuple[int, str]] = {
    "AU": (
        4,
        "Australia/Sydney 02 1 2; Australia/Broken_Hill 2880; Australia/Lord_Howe 2898; Pacific/Norfolk 2899; "
        "Australia/Darwin 08-09; Australia/Melbourne 3 8; Australia/Brisbane 4 9; Australia/Adelaide 5; "
        "Australia/Perth 6; Australia/Eucla 6443; Indian/Christmas 6798; Indian/Cocos 6799; Australia/Hobart 7",
    ),
    "BR": (
        8,
        "America/Sao_Paulo 01-39 70-75 760-767 80-99; America/Bahia 40-48; America/Maceio 49 57; America/Recife 50-56; "
        "America/Noronha 53990; America/Fortaleza 58-65; America/Belem 66-68; America/Manaus 690-692 694-695 697; "
        "America/Boa_Vista 693; ? 696 698; America/Rio_Branco 699; America/Porto_Velho 768-769; America/Araguaina 77; "
        "America/Cuiaba 780-788; America/Campo_Grande 79",
    ),
    "CA": (
        3,
        "America/St_Johns A; America/Goose_Bay A0P A0R A2V; America/Halifax B C G4T; America/Moncton E; ? G0G P0T; "
        "America/Toronto G H J K L M N P; America/Winnipeg P0V-P0Y P8-P9 R; America/Regina S; America/Edmonton S9V T; "
        "America/Vancouver V; ? V0A-V0C; America/Edmonton V1A V1C X0E X0G X1; America/Dawson_Creek V1G V1J; "
        "America/Iqaluit X0A; America/Cambridge_Bay X0B; America/Whitehorse Y",
    ),
    "CL": (7, "America/Santiago 1-5 7-9; Pacific/Easter 277; America/Coyhaique 595-613; America/Punta_Arenas 614-639"),
    "CN": (6, "Asia/Shanghai 0-8; Asia/Urumqi 83-84"),
    "EC": (6, "America/Guayaquil 0-2; Pacific/Galapagos 20"),
    "ES": (5, "Europe/Madrid 0-4 50; Atlantic/Canary 35 38; Africa/Ceuta 51-52"),
    # An address may name France for a territory that is far away.
    "FR": (
        5,
        "America/Guadeloupe 971; America/Martinique 972; America/Cayenne 973; Indian/Reunion 974; "
        "America/Miquelon 975; Indian/Mayotte 976; Pacific/Wallis 986; Pacific/Tahiti 987; Pacific/Noumea 988",
    ),
    "ID": (5, "Asia/Jakarta 1-6; Asia/Pontianak 73-74 78-79; Asia/Makassar 70-72 75-77 80-96; Asia/Jayapura 97-99"),
    # Some municipalities along the border keep the time of Texas: Nuevo Laredo, Reynosa and Matamoros as a whole.
    "MX": (
        5,
        "America/Tijuana 21-22; America/Mazatlan 23 63 80-82; America/Bahia_Banderas 6373; America/Hermosillo 83-85; "
        "America/Ciudad_Juarez 320-326; America/Chihuahua 31 33; ? 26 318 327-329 650; America/Cancun 77; "
        "America/Merida 24 97; America/Monterrey 25 27 64-67 87 89; America/Matamoros 873-875 88; "
        "America/Mexico_City 0 10-16 20 28-30 34-62 68-76 78-79 86 90-96 98-99",
    ),
    "NZ": (4, "Pacific/Auckland 0-9; Pacific/Chatham 8942"),
    "PT": (4, "Europe/Lisbon 1-8; Atlantic/Madeira 90-94; Atlantic/Azores 95-99"),
    # By region; of Yakutia by its capital.
    "RU": (
        6,
        "Europe/Moscow 101-235 239-294 300-399 405-409 417-425 428-431 434-442 600-607; Europe/Kaliningrad 236-238; "
        "Europe/Simferopol 295-299; Europe/Volgograd 400-404; Europe/Saratov 410-413; Europe/Astrakhan 414-416; "
        "Europe/Samara 426-427 443-446; Europe/Ulyanovsk 432-433; Europe/Kirov 610-613; "
        "Asia/Yekaterinburg 450-462 614-629 640-641; Asia/Novosibirsk 630-633; Asia/Tomsk 634-636; Asia/Omsk 644-646; "
        "Asia/Barnaul 649 656-659; Asia/Novokuznetsk 650-654; Asia/Krasnoyarsk 655 660-663 667-668; "
        "Asia/Irkutsk 664-666 669-671; Asia/Chita 672-674 687; Asia/Yakutsk 675-678; "
        "Asia/Vladivostok 679-682 690-692; Asia/Kamchatka 683-684 688; Asia/Magadan 685-686; Asia/Anadyr 689; "
        "Asia/Sakhalin 693-694",
    ),
    # As every ZIP code of the package zipcodes 3.0.0 (MIT) has it. Beginnings that lie in two zones are left out, but
    # for 377 and 799, where that is one code in fifty.
    "US": (
        5,
        "America/New_York 005 010-323 326-349 376-379 398-400 403-418 425 430-459 470-471 569; "
        "America/Puerto_Rico 006-007 009; America/St_Thomas 008; America/Kentucky/Louisville 402; "
        "America/Indiana/Indianapolis 460-462 466-468 472-474 478; America/Detroit 480-497; "
        "America/Chicago 325 350-372 375 380-397 420-424 463-464 476-477 500-567 570-574 580-584 587-588 600-676 "
        "679-689 700-797; America/Denver 577 590-599 693 799 800-831 840-847 870-885; America/Boise 832-834 836-837; "
        "America/Phoenix 850-859 863-864; America/Los_Angeles 838 889-961 970-978 980-994; "
        "America/Anchorage 995-999; America/Adak 99546-99547; Pacific/Honolulu 967-968; Pacific/Pago_Pago 96799",
    ),
}
"""By country: how long a postcode is, and the zones of what it begins with; the longest beginning counts."""

_MOST_POPULOUS = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}
"""Where the tz database names another first, because it goes round the map."""


def zone_of(country: str, postcode: str) -> str:
    """Return the zone that a postcode decides, "" where it decides none and the country has to do."""
    code = re.sub(r"[^A-Z0-9]", "", postcode.upper())
    if re.match(rf"{country}\d", code):  # as in ES-35001
        code = code[2:]
    least, ranges = _parsed(country)
    if len(code) < least:  # a zero may be lost in front
        return ""
    return next((zone for first, last, zone in ranges if first <= code[: len(first)] <= last), "")


@cache
def _parsed(country: str) -> tuple[int, Sequence[tuple[str, str, str]]]:
    """Return how long a country's postcodes are, and (first beginning, last, zone), the longest beginnings first."""
    least, text = _BY_POSTCODE.get(country, (0, ""))
    ranges = []
    for part in filter(None, text.split(";")):
        zone, *spans = part.split()
        for span in spans:
            first, _, last = span.partition("-")
            ranges.append((first, last or first, "" if zone == "?" else zone))
    return least, sorted(ranges, key=lambda one: -len(one[0]))


def zones_by_country(table: str) -> dict[str, tuple[str, ...]]:
    """Return each country's zones, the most populous first, from the tz database's ``zone.tab``."""
    found: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, []).append(zone)
    return {
        country: tuple(sorted(zones, key=lambda zone: zone != _MOST_POPULOUS.get(country)))
        for country, zones in found.items()
    }

import pytest

from saleor_lifecycle.domain.languages import fallbacks, read_language


@pytest.mark.parametrize(
    ("written", "stored"),
    [("es", "es"), ("ES_mx", "es-MX"), (" zh-hant-tw ", "zh-Hant-TW"), ("es-419", "es-419"), ("ast", "ast")],
)
def test_are_written_one_way(written: str, stored: str) -> None:
    assert read_language(written) == stored


@pytest.mark.parametrize("written", ["", "e", "spanish", "es-", "es-MX-x", "../etc", "es\n"[:2] + "\0"])
def test_refuses_what_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="a language is named like"):
        read_language(written)


@pytest.mark.parametrize(
    ("language", "main", "order"),
    [
        ("es-MX", "es", ("es-MX", "es", "en")),
        ("zh-Hant-TW", "de-AT", ("zh-Hant-TW", "zh-Hant", "zh", "de-AT", "de", "en")),
        ("en-GB", "es", ("en-GB", "en", "es")),
        ("", "es", ("es", "en")),
        ("fr", "en", ("fr", "en")),
    ],
)
def test_widen_to_the_base_then_the_shops_own_then_english(language: str, main: str, order: tuple[str, ...]) -> None:
    assert fallbacks(language, main) == order

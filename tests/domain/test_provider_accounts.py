import pytest

from saleor_lifecycle.domain.provider_accounts import hint, is_sender_trusted


@pytest.mark.parametrize(
    ("address", "trusted", "answer"),
    [
        ("ana@shop.example", [], False),
        ("ana@shop.example", ["shop.example"], True),
        ("Ana@News.Shop.Example ", ["shop.EXAMPLE"], True),
        ("ana@notshop.example", ["shop.example"], False),
        ("ana@shop.example.evil.com", ["shop.example"], False),
        ("ana@shop.example", ["ana@shop.example"], True),
        ("eva@shop.example", ["ana@shop.example"], False),
        ("shop.example@evil.com", ["shop.example"], False),
        ("ana@shop.example", ["*"], True),
        ("", ["shop.example"], False),
        ("nobody", ["nobody"], False),
    ],
)
def test_a_sender_is_trusted_by_address_domain_or_what_stands_above_it(
    address: str, trusted: list[str], answer: bool
) -> None:
    assert is_sender_trusted(address, trusted) is answer


@pytest.mark.parametrize(
    ("secret", "shown"), [("", ""), ("123456789012345", ""), ("1234567890123456", "3456"), ("ab" * 20, "abab")]
)
def test_of_a_secret_the_end_is_shown_where_that_gives_nothing_away(secret: str, shown: str) -> None:
    assert hint(secret) == shown

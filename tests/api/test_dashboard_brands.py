from typing import Any

import pytest

from saleor_lifecycle.actions import brands
from saleor_lifecycle.models import Brand, ChannelBrand, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopAway
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

SHOWN = "channel overridden brand { senderName company color textColor shownTextColor }"
UPDATE = f"""mutation ($channel: String!, $input: BrandInput!) {{
    channelBrandUpdate(channel: $channel, input: $input) {{
        channelBrand {{ {SHOWN} }} errors {{ field message code }} }} }}"""
BASE = """mutation ($input: InstallationInput!) { installationUpdate(input: $input) {
    installation { language brand { color textColor shownTextColor } } errors { field code } } }"""


def override(ask: Ask, channel: str = "default-channel", **values: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(UPDATE, channel=channel, input=values)["channelBrandUpdate"]
    return answer


def update(ask: Ask, **values: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(BASE, input=values)["installationUpdate"]
    return answer


def who_speaks(installation: Installation, channel: str) -> Brand:
    with within(installation.pk):
        return brands.of(brands.by_channel(installation.pk), channel)


def test_a_channel_says_otherwise_field_by_field(ask: Ask, installation: Installation) -> None:
    update(ask, senderName="Casa", company="Casa, S.L.", senderEmail="casa@example.com")
    answer = override(ask, senderName=" Maison ", color="#FFCC00")
    assert answer["errors"] == []
    assert answer["channelBrand"] == {
        "channel": "default-channel",
        "overridden": ["color", "senderName"],
        "brand": {
            "senderName": "Maison",
            "company": "Casa, S.L.",
            "color": "#ffcc00",
            "textColor": "",
            "shownTextColor": "#000000",
        },
    }
    update(ask, company="Casa Nova, S.L.")
    there, elsewhere = who_speaks(installation, "default-channel"), who_speaks(installation, "other")
    assert (there.sender_name, there.company, there.sender_email) == ("Maison", "Casa Nova, S.L.", "casa@example.com")
    assert (elsewhere.sender_name, elsewhere.company) == ("Casa", "Casa Nova, S.L.")


def test_an_empty_field_says_what_the_installation_says(ask: Ask, installation: Installation) -> None:
    override(ask, senderName="Maison", company="Maison, SARL")
    assert override(ask, senderName="", company=None)["channelBrand"]["overridden"] == ["company"]
    assert override(ask, company=" ") == {"channelBrand": None, "errors": []}
    assert ask("{ channelBrands { channel } }")["channelBrands"] == []
    with within(installation.pk):
        assert not ChannelBrand.objects.exists()


@pytest.mark.parametrize(
    ("channel", "values", "field"),
    [
        ("default-channel", {"senderEmail": "shop"}, "senderEmail"),
        ("default-channel", {"senderName": "a\nBcc: b@example.com"}, "senderName"),
        ("default-channel", {"cartUrl": "https://shop.example.com/"}, "cartUrl"),
        ("default-channel", {"color": "red"}, "color"),
        ("default-channel", {"color": "#fff"}, "color"),
        ("default-channel", {"textColor": "#1a1a1a"}, "textColor"),
        ("default-channel", {"color": "#888888", "textColor": "#ffffff"}, "textColor"),
        ("", {"company": "a"}, "channel"),
        ("a b", {"company": "a"}, "channel"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    ask: Ask, installation: Installation, channel: str, values: dict[str, str], field: str
) -> None:
    answer = override(ask, channel, **{"taxId": "B1", **values})
    assert [(error["field"], error["code"]) for error in answer["errors"]] == [(field, "INVALID")]
    assert answer["channelBrand"] is None
    with within(installation.pk):
        assert not ChannelBrand.objects.exists()


@pytest.mark.parametrize(
    ("color", "words", "is_kept"),
    [
        ("#767676", "#ffffff", True),
        ("#777777", "#ffffff", False),
        ("#777777", "", True),
        ("#16161a", "#ffffff", True),
        ("#ffffff", "#ffffff", False),
    ],
)
def test_words_on_buttons_can_be_read(
    ask: Ask, installation: Installation, color: str, words: str, is_kept: bool
) -> None:
    answer = update(ask, color=color, textColor=words)
    assert answer["errors"] == ([] if is_kept else [{"field": "textColor", "code": "INVALID"}])
    brand = who_speaks(installation, "")
    assert (brand.color, brand.text_color) == ((color, words) if is_kept else ("#16161a", ""))


def test_a_color_that_a_channels_words_could_not_be_read_on_is_refused(ask: Ask, installation: Installation) -> None:
    assert override(ask, textColor="#dddddd")["errors"] == []
    assert update(ask, color="#eeeeee")["errors"] == [{"field": "textColor", "code": "INVALID"}]
    assert who_speaks(installation, "").color == "#16161a"
    override(ask, color="#101010")
    assert update(ask, color="#eeeeee")["errors"] == []


@pytest.mark.parametrize(("given", "stored"), [("es_mx", "es-MX"), ("spanish", None), ("", None)])
def test_the_main_language_is_one(ask: Ask, installation: Installation, given: str, stored: str | None) -> None:
    answer = update(ask, language=given)
    assert [error["field"] for error in answer["errors"]] == ([] if stored else ["language"])
    with within(installation.pk):
        assert Installation.objects.get().language == (stored or "en")


def test_another_shops_channels_are_not_touched(
    ask: Ask, installation: Installation, other_installation: Installation
) -> None:
    override(ask, company="Maison")
    assert ask("{ channelBrands { channel } }", of=other_installation)["channelBrands"] == []
    assert who_speaks(other_installation, "default-channel").company == ""


def test_the_shops_channels_are_asked_for_and_named(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"us": "United States", "default-channel": "España"}
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.brands.shop_channels", lambda *_: held)
    assert ask("{ shopChannels { slug name } }")["shopChannels"] == [
        {"slug": "default-channel", "name": "España"},
        {"slug": "us", "name": "United States"},
    ]


def test_a_shop_that_does_not_answer_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> dict[str, str]:
        raise ShopAway("Channels: HTTP 503")

    monkeypatch.setattr("saleor_lifecycle.api.dashboard.brands.shop_channels", away)
    with pytest.raises(AssertionError, match="SHOP_AWAY"):
        ask("{ shopChannels { slug } }")

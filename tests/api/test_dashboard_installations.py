from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.actions import installations
from saleor_lifecycle.models import Brand, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import asking
from tests.api.conftest import Ask
from tests.facts import account, cart, receive, tell

pytestmark = pytest.mark.django_db

UPDATE = """mutation ($input: InstallationInput!) { installationUpdate(input: $input) {
    installation { timeZone consentKey brand { senderName senderEmail replyTo postalAddress cartUrl storefrontUrl } }
    errors { field message code } } }"""
CHECKLIST = "{ checklist { key isDone } }"


def brand_of(installation: Installation) -> Brand:
    with within(installation.pk):
        return Brand.objects.select_related("installation").get(pk=installation.pk)


def open_items(ask: Ask) -> list[str]:
    return [item["key"] for item in ask(CHECKLIST)["checklist"] if not item["isDone"]]


def update(ask: Ask, **values: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(UPDATE, input=values)["installationUpdate"]
    return answer


def test_shows_the_shop_and_its_keys(ask: Ask, installation: Installation) -> None:
    shown = ask(
        "{ installation { shopName saleorApiUrl saleorVersion state timeZone consentKey isProjecting storefrontKey "
        "storefrontApiUrl hasServerKey projection { customers perRequest } brand { senderName senderEmail } } }"
    )["installation"]
    assert shown == {
        "shopName": "shop.example.com",
        "saleorApiUrl": "https://shop.example.com/graphql/",
        "saleorVersion": "3.23.28",
        "state": "ACTIVE",
        "timeZone": "UTC",
        "consentKey": "marketing_consent",
        "isProjecting": None,
        "storefrontKey": installation.storefront_key,
        "storefrontApiUrl": f"https://app.example.com/graphql/storefront/{installation.storefront_key}/",
        "hasServerKey": False,
        "projection": {"customers": 0, "perRequest": 25},
        "brand": {"senderName": "shop.example.com", "senderEmail": ""},
    }


def test_the_checklist_is_ticked_off_item_by_item(ask: Ask, installation: Installation, now: datetime) -> None:
    left = ["SENDER", "COMPANY", "CART_LINK", "PROJECTION", "EVENTS"]
    assert [item["key"] for item in ask(CHECKLIST)["checklist"]] == [*left, "CART_FLOW"]
    steps: list[Callable[[], object]] = [
        lambda: update(ask, senderEmail="shop@example.com"),
        lambda: update(ask, company="Casa", postalAddress="Calle 1\n28001 Madrid", contactEmail="hi@example.com"),
        lambda: update(ask, cartUrl="https://shop.example.com/checkout?checkout={checkout_id}"),
        lambda: ask("mutation { projectionSet(isOn: false) { customers } }"),
        lambda: receive(installation, [b"{}"], now),
    ]
    for step in steps:
        assert open_items(ask) == left
        step()
        left.pop(0)
    assert open_items(ask) == []
    ask('mutation { flowSwitch(key: "abandoned-cart", state: OFF) { errors { message } } }')
    assert open_items(ask) == ["CART_FLOW"]


def test_only_what_is_given_changes(ask: Ask, installation: Installation) -> None:
    update(ask, senderName=" Casa ", timeZone="Europe/Madrid", replyTo="")
    answer = update(ask, senderEmail="shop@example.com", consentKey="newsletter", senderName=None)
    assert answer["errors"] == []
    held = brand_of(installation)
    assert (held.sender_name, held.sender_email, held.reply_to) == ("Casa", "shop@example.com", "")
    assert (held.installation.time_zone, held.installation.consent_key) == ("Europe/Madrid", "newsletter")
    assert answer["installation"]["timeZone"] == "Europe/Madrid"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("senderEmail", "shop", "INVALID"),
        ("senderEmail", "shop@example.com\nBcc: all@example.com", "INVALID"),
        ("senderName", "Casa\r\nBcc: all@example.com", "INVALID"),
        ("senderName", "x" * 501, "INVALID"),
        ("postalAddress", "Calle 1\0", "INVALID"),
        ("replyTo", "@example.com", "INVALID"),
        ("contactEmail", "hi at example.com", "INVALID"),
        ("privacyUrl", "javascript:alert(1)", "INVALID"),
        ("logoUrl", "example.com/logo.png", "INVALID"),
        ("storefrontUrl", "https://", "INVALID"),
        ("storefrontUrl", "https://[", "INVALID"),
        ("cartUrl", "https://shop.example.com/checkout", "INVALID"),
        ("cartUrl", "/checkout/{checkout_id}", "INVALID"),
        ("timeZone", "Madrid", "INVALID"),
        ("timeZone", "../etc/passwd", "INVALID"),
        ("timeZone", "posix/Europe/Madrid", "INVALID"),
        ("timeZone", "", "REQUIRED"),
        ("consentKey", " ", "REQUIRED"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    ask: Ask, installation: Installation, field: str, value: str, code: str
) -> None:
    answer = update(ask, **{"company": "Casa", field: value})
    assert [(error["field"], error["code"]) for error in answer["errors"]] == [(field, code)]
    assert answer["errors"][0]["message"]
    assert answer["installation"] is None
    held = brand_of(installation)
    assert (held.company, held.sender_name, held.installation.time_zone) == ("", "shop.example.com", "UTC")


def test_what_messages_need_may_be_missing_but_is_not_taken_away(ask: Ask, installation: Installation) -> None:
    assert update(ask, senderEmail="", company="Casa")["errors"] == []
    assert [error["code"] for error in update(ask, company=" ")["errors"]] == ["REQUIRED"]
    assert brand_of(installation).company == "Casa"


def test_the_command_and_the_schema_refuse_alike(ask: Ask, installation: Installation) -> None:
    for values in ({"time_zone": "Madrid"}, {"sender_email": "shop"}, {"cart_url": "https://shop.example.com/"}):
        ((name, value),) = values.items()
        with pytest.raises(CommandError, match=f"--{name.replace('_', '-')}: "):
            call_command("configure", company="Casa", **values)
        first, *others = name.split("_")
        (error,) = update(ask, **{first + "".join(map(str.capitalize, others)): value})["errors"]
        assert error["code"] == "INVALID"
    assert brand_of(installation).company == ""


def test_a_yes_to_the_projection_asks_for_everyone_with_an_account_and_activity(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    guest = cart(now, "Q2hlY2tvdXQ6Mg==", user=None, email="guest@example.com")
    tell(installation, [account(now), cart(now), guest], now)
    assert ask("{ installation { projection { customers } } }")["installation"]["projection"] == {"customers": 1}
    answer = ask("mutation { projectionSet(isOn: true) { installation { isProjecting } customers errors { code } } }")
    assert answer["projectionSet"] == {"installation": {"isProjecting": True}, "customers": 1, "errors": []}
    assert not asking.run(installation.pk, now), "one block, and nobody is left"
    with within(installation.pk):
        assert Outbox.objects.filter(due_at=now).count() == 1


def test_a_no_to_the_projection_asks_for_nobody(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    answer = ask("mutation { projectionSet(isOn: false) { installation { isProjecting } customers } }")
    assert answer["projectionSet"] == {"installation": {"isProjecting": False}, "customers": 0}
    with within(installation.pk):
        assert not Outbox.objects.exists()


def test_a_new_server_key_is_told_once_and_ends_the_one_before(ask: Ask, installation: Installation) -> None:
    create = "mutation { serverKeyCreate { key errors { code } } }"
    keys = [ask(create)["serverKeyCreate"]["key"] for _ in range(2)]
    assert ask("{ installation { hasServerKey } }")["installation"] == {"hasServerKey": True}
    held = brand_of(installation).installation
    assert [installations.is_server_key(held, key) for key in keys] == [False, True]
    assert keys[1] not in held.server_key_hash


def test_another_shop_is_not_touched(ask: Ask, installation: Installation, other_installation: Installation) -> None:
    update(ask, company="Casa")
    ask("mutation { projectionSet(isOn: true) { customers } serverKeyCreate { key } }")
    held = brand_of(other_installation)
    assert (held.company, held.installation.is_projecting, held.installation.server_key_hash) == ("", None, "")


RETAIN = """
mutation ($days: Int!) {
  activityRetentionSet(days: $days) { installation { activityRetentionDays } errors { field code } }
}
"""


@pytest.mark.parametrize("days", [30, 3650])
def test_activities_stay_as_long_as_the_merchant_says(
    ask: Ask, installation: Installation, other_installation: Installation, days: int
) -> None:
    assert ask("{ installation { activityRetentionDays } }")["installation"] == {"activityRetentionDays": 730}
    assert ask(RETAIN, days=days)["activityRetentionSet"] == {
        "installation": {"activityRetentionDays": days},
        "errors": [],
    }
    for shop, held in ((installation, days), (other_installation, 730)):
        with within(shop.pk):
            assert Installation.objects.get().activity_retention_days == held


@pytest.mark.parametrize("days", [-1, 0, 29, 3651, 2**31 - 1])
def test_activities_stay_no_shorter_and_no_longer_than_makes_sense(
    ask: Ask, installation: Installation, days: int
) -> None:
    assert ask(RETAIN, days=days)["activityRetentionSet"] == {
        "installation": None,
        "errors": [{"field": "days", "code": "INVALID"}],
    }
    with within(installation.pk):
        assert Installation.objects.get().activity_retention_days == 730

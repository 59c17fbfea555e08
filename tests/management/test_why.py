import io
import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.models import Installation
from tests.facts import ADA, account, cart, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(installation: Installation, now: datetime) -> str:
    tell(installation, [account(now, joined=now)], now)
    tell(installation, [cart(now + timedelta(days=1))], now + timedelta(days=1))
    return installation.saleor_api_url


@pytest.mark.parametrize("who", [ADA, "ada@example.com"])
@pytest.mark.parametrize(
    ("language", "begins", "first_seen"),
    [
        ("en", "In ", "first seen, in education phase"),
        ("es", "En fase de ", "aparece por primera vez, en fase"),
    ],
)
def test_it_says_why_and_how_they_came_there(shop: str, who: str, language: str, begins: str, first_seen: str) -> None:
    out = io.StringIO()
    call_command("why", shop, who, language=language, stdout=out)
    said, empty, newest, oldest = out.getvalue().splitlines()
    assert said.startswith(begins)
    assert empty == ""
    assert first_seen in oldest
    assert first_seen not in newest


def test_programs_get_the_facts(shop: str) -> None:
    out = io.StringIO()
    call_command("why", shop, ADA, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["orders"], told["rung"], told["buyers"]) == (0, "", None)
    assert told["words"].startswith("In ")
    assert [(move["before"], move["after"], move["cause"]) for move in told["history"]] == [
        ("education", "sales", "behaviour"),
        ("", "education", "behaviour"),
    ]
    assert "ada@example.com" not in out.getvalue()


@pytest.mark.parametrize(
    ("shop_url", "who", "says"),
    [
        ("https://nowhere.example.com/graphql/", ADA, "Name one of the installed shops"),
        ("https://shop.example.com/graphql/", "nobody", "no such customer"),
    ],
)
def test_who_is_not_there_is_told(shop: str, shop_url: str, who: str, says: str) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match=says):
        call_command("why", shop_url, who, stdout=out)
    assert out.getvalue() == ""

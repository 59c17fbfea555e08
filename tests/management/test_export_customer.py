import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.models import Installation
from tests.facts import ADA, account, tell

pytestmark = pytest.mark.django_db


def test_it_prints_one_customer(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    out = io.StringIO()
    call_command("export_customer", installation.saleor_api_url, ADA, stdout=out)
    assert json.loads(out.getvalue())["accounts"][0]["email"] == "ada@example.com"


def test_a_file_is_for_its_owner_only(installation: Installation, now: datetime, tmp_path: Path) -> None:
    tell(installation, [account(now, first_name="Zoë")], now)
    file = tmp_path / "ada.json"
    out = io.StringIO()
    call_command("export_customer", installation.saleor_api_url, "ada@example.com", file=file, stdout=out)
    assert (file.stat().st_mode & 0o777, out.getvalue()) == (0o600, "")
    assert json.loads(file.read_text(encoding="utf-8"))["accounts"][0]["first_name"] == "Zoë"


@pytest.mark.parametrize(
    ("shop", "who", "says"),
    [
        ("https://nowhere.example.com/graphql/", ADA, "Name one of the installed shops"),
        ("https://shop.example.com/graphql/", "nobody", "no such customer"),
    ],
)
def test_who_is_not_there_is_told(installation: Installation, tmp_path: Path, shop: str, who: str, says: str) -> None:
    file = tmp_path / "nobody.json"
    with pytest.raises(CommandError, match=says):
        call_command("export_customer", shop, who, file=file)
    assert not file.exists()

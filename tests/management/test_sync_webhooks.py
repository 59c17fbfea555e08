from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from saleor_lifecycle.actions import templates
from saleor_lifecycle.models import Installation, Template
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks import installations
from saleor_lifecycle.tasks.installations import Reconciled
from tests.shop_server import ShopServer, install_at, shop_server

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db


def lines_of(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("sync_webhooks", *arguments, stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[int, Reconciled]:
    """What becomes of each installation; nothing where it does not say."""
    told: dict[int, Reconciled] = {}

    def run(number: int, is_dry: bool = False) -> Reconciled:
        return told.get(number, Reconciled())

    monkeypatch.setattr("saleor_lifecycle.management.commands.sync_webhooks.run_reconcile", run)
    with across():
        shops = list(Installation.objects.values_list("id", flat=True))
    for number in shops:
        installations.add_ready_templates(number, timezone.now())
    return told


def test_brings_the_ready_templates_that_a_shop_does_not_have(
    installation: Installation, other_installation: Installation, answers: dict[int, Reconciled]
) -> None:
    with within(installation.pk):
        templates.delete(Template.objects.get(key="opt-in"))
        templates.save(installation.pk, "welcome", "en", ("The merchant's own", "", "Hello"), "", timezone.now())
    missing = [f"https://shop.example.com/graphql/: add the ready template opt-in ({one})" for one in ("en", "es")]
    current = "https://other.example.com/graphql/: current"

    assert lines_of("--dry-run") == [*(line.replace(": add", ": would add") for line in missing), current]
    assert lines_of() == [*missing, current]
    assert lines_of() == ["https://shop.example.com/graphql/: current", current]
    with within(installation.pk):
        held = templates.find(installation.pk, "welcome", "en")
    assert held is not None
    assert held.subject == "The merchant's own"


def test_tells_of_each_shop(
    installation: Installation, other_installation: Installation, answers: dict[int, Reconciled]
) -> None:
    answers[installation.pk] = Reconciled(done=("create lifecycle a", "delete lifecycle b"))
    assert lines_of() == [
        "https://shop.example.com/graphql/: create lifecycle a",
        "https://shop.example.com/graphql/: delete lifecycle b",
        "https://other.example.com/graphql/: current",
    ]
    assert lines_of("--dry-run")[0] == "https://shop.example.com/graphql/: would create lifecycle a"


def test_what_staff_switched_off_is_told_and_is_no_failure(
    installation: Installation, answers: dict[int, Reconciled]
) -> None:
    answers[installation.pk] = Reconciled(left=("lifecycle orders is switched off in the shop",))
    assert lines_of() == [
        "https://shop.example.com/graphql/: left as it is: lifecycle orders is switched off in the shop"
    ]


def test_takes_one_shop(
    installation: Installation, other_installation: Installation, answers: dict[int, Reconciled]
) -> None:
    assert lines_of(other_installation.saleor_api_url) == ["https://other.example.com/graphql/: current"]


def test_does_not_know_a_shop_that_is_not_installed(installation: Installation, answers: dict[int, Reconciled]) -> None:
    with pytest.raises(CommandError, match=r"shop\.example\.com"):
        lines_of("https://nobody.example/graphql/")


def test_has_nothing_to_do_without_shops() -> None:
    assert lines_of() == []


def test_ends_with_an_error_when_a_shop_needs_a_look(
    shop_server: ShopServer, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = True  # type: ignore[attr-defined]
    install_at(shop_server, timezone.now())
    shop_server.trouble = 503
    output = StringIO()
    with pytest.raises(CommandError, match="1 of 1 shops need a look"):
        call_command("sync_webhooks", stdout=output)
    last = output.getvalue().splitlines(keepends=True)[-1]
    assert last == f"{shop_server.api_url}: TROUBLE ShopAway: InstalledApp: HTTP 503\n"
    assert shop_server.asked == ["InstalledApp"]
    assert installations.everyone()

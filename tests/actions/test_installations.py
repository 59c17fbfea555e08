from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import installations
from saleor_lifecycle.actions.installations import Registration, register, unseal
from saleor_lifecycle.domain.facts import AppChange, AppFact
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from tests.tokens import jwks

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("change", AppChange)
def test_late_news_of_the_app_before_changes_nothing_in_one_that_came_back_meanwhile(
    installation: Installation, now: datetime, change: AppChange
) -> None:
    with within(installation.pk):
        read_before = Installation.objects.get()
    news = AppFact(read_before.app_id, change, read_before.registered_at + SECOND)
    register(Registration(installation.saleor_api_url, "the new app", "the new token", jwks()), now + 2 * SECOND)
    with within(installation.pk):
        installations.change(read_before, news, now + 3 * SECOND)
        held = Installation.objects.get()
    assert (held.app_id, held.state, unseal(held.token)) == ("the new app", "active", "the new token")


@pytest.mark.parametrize(
    ("change", "state", "has_token"),
    [
        (AppChange.DEACTIVATED, "inactive", True),
        (AppChange.ACTIVATED, "active", True),
        (AppChange.DELETED, "removed", False),
    ],
)
def test_news_of_the_app_change_its_state_and_its_end_takes_the_token(
    installation: Installation, now: datetime, change: AppChange, state: str, has_token: bool
) -> None:
    with within(installation.pk):
        row = Installation.objects.get()
        row.state = "inactive" if change is AppChange.ACTIVATED else "active"
        row.save(update_fields=["state"])
        installations.change(row, AppFact(row.app_id, change, row.registered_at + SECOND), now)
        held = Installation.objects.get()
    assert (row.state, held.state, bytes(held.token) != b"") == (state, state, has_token)

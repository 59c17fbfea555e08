"""The command configure: how many messages a customer gets."""

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.domain.attention import Caps
from saleor_lifecycle.models import AttentionSettings, Installation
from saleor_lifecycle.models.entry import within

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "caps"),
    [("2,5,20", Caps(2, 5, 20)), ("any", Caps(None, None, None)), ("1,any,0", Caps(1, None, 0))],
)
def test_sets_how_many_messages_a_customer_gets(text: str, caps: Caps, installation: Installation) -> None:
    with within(installation.pk):
        AttentionSettings.objects.create(installation=installation, quiet_hours={"email": ["22:00", "08:00"]})
        before = AttentionSettings.objects.get().hours()
    call_command("configure", installation.saleor_api_url, at_most=text)
    with within(installation.pk):
        held = AttentionSettings.objects.get()
        assert (held.caps(), held.hours()) == (caps, before)


@pytest.mark.parametrize("text", ["3", "1,2", "1,2,many", "1,2,101", "-1,2,3"])
def test_refuses_what_is_no_number_of_messages(text: str, installation: Installation) -> None:
    with pytest.raises(CommandError, match="--at-most: Give"):
        call_command("configure", installation.saleor_api_url, at_most=text)
    with within(installation.pk):
        assert not AttentionSettings.objects.exists()


def test_holds_customers_out_of_every_flow(installation: Installation, other_installation: Installation) -> None:
    call_command("configure", installation.saleor_api_url, hold_out=5)
    with within(installation.pk):
        assert Installation.objects.get().holdout_share == 0.05
    with within(other_installation.pk):
        assert Installation.objects.get().holdout_share == 0.0


@pytest.mark.parametrize("percent", [-1, 51])
def test_refuses_to_hold_out_more_than_half(percent: int, installation: Installation) -> None:
    with pytest.raises(CommandError, match="--hold-out: give 0 to 50"):
        call_command("configure", installation.saleor_api_url, hold_out=percent)
    with within(installation.pk):
        assert Installation.objects.get().holdout_share == 0.0

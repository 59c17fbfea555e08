"""The command demo_flows: the four flows, set for somebody who wants to watch them."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command

from saleor_lifecycle.actions import named_flows
from saleor_lifecycle.domain.policies import policy_document
from saleor_lifecycle.embedded import Embedded
from saleor_lifecycle.management.commands import demo, demo_flows
from saleor_lifecycle.management.commands.demo_flows import DELAYS, LOST_AFTER_DAYS, PER_HOUR, wanted_policy
from saleor_lifecycle.models import Backfill, Flow, FlowVersion, Installation, PolicyVersion
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.sandbox import episodes
from saleor_lifecycle.tasks.installations import add_ready_templates

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop whose history was read, and in which everybody counts as lost after the same silence already."""
    add_ready_templates(installation.pk, now)
    _prepare(installation, now)
    return installation


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, now: datetime) -> Installation:
    """A shop of the time when the carts' flow was the only one, and without ready templates."""
    with monkeypatch.context() as patched:
        patched.setattr("saleor_lifecycle.actions.named_flows.KEYS", ("abandoned-cart",))
        installation: Installation = request.getfixturevalue("installation")
    _prepare(installation, now)
    return installation


def _prepare(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Backfill.objects.create(installation=installation, kind="orders", finished_at=now)
        row = Installation.objects.select_related("policy").get(pk=installation.pk)
        assert row.policy
        document = policy_document(wanted_policy(row.policy.value()))
        row.policy = PolicyVersion.objects.create(installation=row, number=2, document=document, created_at=now)
        row.save(update_fields=["policy"])


def test_sets_the_four_flows_and_switches_them_on(shop: Installation) -> None:
    call_command("demo_flows", shop.saleor_api_url)

    with within(shop.pk):
        flows = {flow.key: flow for flow in Flow.objects.select_related("version")}
        assert set(flows) == set(DELAYS)
        for key, flow in flows.items():
            held = named_flows.settings_of(flow)
            assert held is not None
            named = {delay.key: lasts for delay, lasts in named_flows.named_flows.delays(key, held)}
            assert (flow.is_on, held.holdout) == (True, 0.0)
            assert {name: timedelta(seconds=value) for name, value in DELAYS[key].items()} == named
        codes = {key for key, flow in flows.items() if (one := named_flows.settings_of(flow)) and one.incentive}
        assert codes == {"abandoned-cart", "win-back"}
        lost = named_flows.settings_of(flows["win-back"])
        assert lost is not None
        assert lost.per_hour == PER_HOUR


def test_gives_a_shop_of_an_older_version_what_it_lacks(older: Installation) -> None:
    with within(older.pk):
        assert list(Flow.objects.values_list("key", flat=True)) == ["abandoned-cart"]
    call_command("demo_flows", older.saleor_api_url)

    with within(older.pk):
        assert set(Flow.objects.filter(is_on=True).values_list("key", flat=True)) == set(DELAYS)


def test_delays_of_the_cart_are_those_that_the_demo_begins_with(tmp_path: Path) -> None:
    server = Embedded(tmp_path, tmp_path, BytesIO())
    held = demo.environment_of(demo.Addresses(1, 2, 3), server, {})

    assert held["ABANDONED_CART_SECONDS"] == ",".join(map(str, DELAYS["abandoned-cart"].values()))
    assert held["ABANDONED_CART_HOLDOUT"] == "0"


def test_leaves_what_was_changed_since(shop: Installation, now: datetime) -> None:
    call_command("demo_flows", shop.saleor_api_url)
    with within(shop.pk):
        Flow.objects.filter(key="cross-sell").update(is_on=False)
        versions = list(FlowVersion.objects.values_list("id", flat=True))
    call_command("demo_flows", shop.saleor_api_url)

    with within(shop.pk):
        assert not Flow.objects.get(key="cross-sell").is_on
        assert list(FlowVersion.objects.values_list("id", flat=True)) == versions


def test_counts_people_as_lost_when_the_sandbox_lets_them_be(shop: Installation) -> None:
    assert timedelta(days=LOST_AFTER_DAYS) == episodes.LOST_AFTER
    assert demo_flows.PER_HOUR >= 60

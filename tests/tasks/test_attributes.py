from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import attributes as actions
from saleor_lifecycle.domain.attributes import ConsentWords, KeyMapping, Origin
from saleor_lifecycle.domain.values import Attribute, Type
from saleor_lifecycle.models import Account, Cart, Consent, Customer, Identity, Installation, Order
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import attributes as task
from saleor_lifecycle.tasks.nudge import ATTRIBUTES
from saleor_lifecycle.tasks.sweep import due
from tests.facts import ADA, account, cart, deletion, in_every_order, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TIER = KeyMapping(Origin.USER, "tier", Attribute("tier", Type.CHOICE, ("gold", "silver")))
ORDERED_TIER = KeyMapping(Origin.ORDER, "tier", Attribute("tier", Type.CHOICE, ("gold", "silver")))
NEWS = KeyMapping(Origin.ORDER, "news", ConsentWords("cart", "email", ("ja",), ("nein",)))


def map_keys(installation: Installation, now: datetime, *mappings: KeyMapping) -> None:
    with within(installation.pk):
        actions.set_mappings(installation.pk, mappings, now)
    task.run(installation.pk, lambda: now)


def with_metadata(fact: Any, **texts: str) -> Any:
    return replace(fact, metadata=tuple(sorted(texts.items())))


def held(installation: Installation) -> dict[str, Any]:
    """The attributes of the one customer who has not turned out to be another."""
    with within(installation.pk):
        attributes: dict[str, Any] = Customer.objects.get(merged_into=None).attributes
        return {name: (one["value"], one["origin"]) for name, one in attributes.items()}


def test_the_newest_record_that_says_anything_counts(installation: Installation, now: datetime) -> None:
    map_keys(installation, now, TIER, ORDERED_TIER)
    told = [
        with_metadata(account(now - 2 * DAY), tier="gold"),
        with_metadata(order(now - DAY), tier="Silver"),
        with_metadata(order(now, "later"), tier="lead"),
    ]
    count = 0
    for _ in in_every_order(installation, told, now):
        assert held(installation) == {"tier": ("silver", "order")}
        count += 1
    assert count == 6


def test_only_mapped_keys_are_kept(installation: Installation, other_installation: Installation, now: datetime) -> None:
    map_keys(installation, now, TIER)
    for each in (installation, other_installation):
        tell(each, [with_metadata(account(now), tier="gold\0", secret="x"), with_metadata(cart(now), tier="gold")], now)
    with within(installation.pk):
        assert Account.objects.get().metadata == {"tier": "gold"}
        assert Cart.objects.get().metadata == {}
    with within(other_installation.pk):
        assert Account.objects.get().metadata == {}
    assert held(other_installation) == {}


def test_a_mapping_that_changes_folds_everybody_anew(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BLOCK", 1)
    map_keys(installation, now, TIER)
    tell(installation, [with_metadata(account(now), tier="gold"), account(now, "VXNlcjoz", "eva@example.com")], now)
    with within(installation.pk):
        actions.set_mappings(installation.pk, [replace(TIER, target=Attribute("club", Type.TEXT))], now)
    assert (ATTRIBUTES, installation.pk) in due(now)
    assert task.run(installation.pk, lambda: now) == 3, "one block for each, and one that finds nobody"
    assert (ATTRIBUTES, installation.pk) not in due(now + DAY)
    with within(installation.pk):
        assert {frozenset(one.attributes) for one in Customer.objects.all()} == {frozenset({"club"}), frozenset()}


def test_a_killed_fold_goes_on_where_it_was(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BLOCK", 1)
    tell(installation, [account(now), account(now, "VXNlcjoz", "eva@example.com")], now)
    with within(installation.pk):
        actions.set_mappings(installation.pk, [TIER], now)
    with within(installation.pk):
        held = actions.claim(installation.pk, now)
        assert held
    with within(installation.pk):
        assert actions.fold_block(held, now)
    with within(installation.pk):
        assert actions.claim(installation.pk, now) is None, "its lease stands"
    assert task.run(installation.pk, lambda: now + actions.LEASE) == 2, "not from the beginning"


def test_a_mapping_taken_away_takes_its_attributes(installation: Installation, now: datetime) -> None:
    map_keys(installation, now, TIER)
    tell(installation, [with_metadata(account(now), tier="gold")], now)
    assert held(installation) == {"tier": ("gold", "user")}
    map_keys(installation, now)
    assert held(installation) == {}


def test_an_order_may_hold_consent_about_a_topic(installation: Installation, now: datetime) -> None:
    map_keys(installation, now, NEWS)
    told = [
        with_metadata(order(now - DAY), news="JA"),
        with_metadata(order(now, "later"), news="nein"),
        with_metadata(order(now + DAY, "last"), news="vielleicht"),
    ]
    for _ in in_every_order(installation, told, now):
        with within(installation.pk):
            row = Consent.objects.get()
            assert (row.source, row.topic, row.is_granted, row.at) == ("order", "cart", False, now)
            assert row.evidence == "news=no"


def test_of_two_keys_about_the_same_one_no_outweighs(installation: Installation, now: datetime) -> None:
    words = ConsentWords("", "email", ("ja",), ("nein",))
    map_keys(installation, now, KeyMapping(Origin.USER, "news", words), KeyMapping(Origin.USER, "mail", words))
    tell(installation, [with_metadata(account(now, consent=True), news="ja", mail="nein")], now)
    with within(installation.pk):
        assert Consent.objects.get().evidence == "mail=no"
    tell(installation, [with_metadata(account(now + DAY), news="ja")], now + DAY)
    with within(installation.pk):
        assert Consent.objects.get().is_granted
    tell(installation, [account(now + 2 * DAY)], now + 2 * DAY)
    with within(installation.pk):
        assert not Consent.objects.exists(), "they say nothing any more"


def test_nothing_of_an_erased_person_stays(installation: Installation, now: datetime) -> None:
    map_keys(installation, now, TIER, ORDERED_TIER)
    told = [
        with_metadata(account(now - DAY), tier="gold"),
        with_metadata(order(now - DAY), tier="gold"),
        with_metadata(order(now - DAY, "guest's", user=None), tier="gold"),
        deletion(now),
    ]
    for _ in in_every_order(installation, told, now):
        with within(installation.pk):
            assert {str(one.metadata) for one in [*Order.objects.all(), *Account.objects.all()]} == {"{}"}
            assert [one.attributes for one in Customer.objects.all() if one.attributes] == []
            assert Identity.objects.filter(value=ADA).exists()

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from saleor_lifecycle.domain import flow_checks
from saleor_lifecycle.domain.incentives import Incentive
from saleor_lifecycle.domain.named_flows import (
    DEFAULTS,
    INCENTIVES,
    KEYS,
    Settings,
    delays,
    document,
    faults,
    flow,
    settings,
)
from saleor_lifecycle.models.flow_documents import read_program

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OTHERS = {
    "abandoned-cart": (HOUR, 2 * HOUR, 30 * HOUR),
    "first-purchase": (2 * HOUR, 2 * DAY, 9 * DAY, 3 * DAY),
    "cross-sell": (14 * DAY,),
    "win-back": (5 * DAY, 9 * DAY, 60 * DAY),
}


@pytest.mark.parametrize("key", KEYS)
def test_a_document_is_read_as_it_was_meant_and_gives_its_settings_back(key: str) -> None:
    read = read_program(json.loads(json.dumps(document(key, DEFAULTS[key])))).document
    assert read == flow(key, DEFAULTS[key])
    assert settings(key, read) == DEFAULTS[key]


@pytest.mark.parametrize("key", KEYS)
def test_other_settings_are_given_back_too(key: str) -> None:
    code = Incentive(20, 3 * DAY) if key in INCENTIVES else None
    is_of_loss = key == "win-back"
    other = Settings(OTHERS[key], code, 0.25, 40 if is_of_loss else None, 5 if is_of_loss else 0)
    assert settings(key, flow(key, other)) == other
    assert faults(key, other) == []


@pytest.mark.parametrize("key", KEYS)
def test_can_be_published(key: str) -> None:
    assert flow_checks.faults(flow(key, DEFAULTS[key]), key) == []


@pytest.mark.parametrize("key", KEYS)
def test_what_holds_more_than_settings_make_has_none(key: str) -> None:
    assert settings(key, replace(flow(key, DEFAULTS[key]), exits_on_order=False)) is None


def test_a_flow_of_the_merchants_own_has_none() -> None:
    assert settings("hello", flow("win-back", DEFAULTS["win-back"])) is None


def test_a_cart_flow_from_before_there_were_priorities_has_its_settings() -> None:
    held = replace(flow("abandoned-cart", DEFAULTS["abandoned-cart"]), priority=50)
    assert settings("abandoned-cart", held) == DEFAULTS["abandoned-cart"]


def test_delays_are_named_by_what_is_sent_then() -> None:
    named = [(delay.key, delay.template) for delay, _ in delays("abandoned-cart", DEFAULTS["abandoned-cart"])]
    assert named == [
        ("idle", ""),
        ("touch-1", "abandoned-cart-1"),
        ("touch-2", "abandoned-cart-2"),
        ("touch-3", "abandoned-cart-3"),
    ]


@pytest.mark.parametrize(
    ("key", "change", "where"),
    [
        ("cross-sell", {"delays": (timedelta(),)}, "cross-sell"),
        ("first-purchase", {"delays": (HOUR, 7 * DAY, 7 * DAY, HOUR)}, "review"),
        ("abandoned-cart", {"delays": (HOUR, 2 * HOUR, 2 * HOUR)}, "touch-2"),
        ("win-back", {"days_before": 31}, "days_before"),
        ("win-back", {"days_before": -1}, "days_before"),
        ("cross-sell", {"days_before": 3}, "days_before"),
        ("cross-sell", {"incentive": Incentive(10, DAY)}, "incentive"),
        ("win-back", {"incentive": Incentive(51, DAY)}, "incentive.percent"),
        ("win-back", {"holdout": 0.6}, "holdout"),
        ("win-back", {"per_hour": 0}, "per_hour"),
        ("cross-sell", {"per_hour": 20}, "per_hour"),
    ],
)
def test_tells_which_setting_is_wrong(key: str, change: dict[str, object], where: str) -> None:
    assert [path for path, _ in faults(key, replace(DEFAULTS[key], **change))] == [where]  # type: ignore[arg-type]  # of one field

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from saleor_lifecycle.domain.policies import PolicyError, policy_document, read_policy
from saleor_lifecycle.domain.prediction import LossSettings
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, LossPolicy

PART: dict[str, Any] = {"half_life_days": 7, "weights": {"cart": 1}}
LOSS: dict[str, Any] = policy_document(DEFAULT_POLICY)["loss"]


def test_is_read_as_it_was_written() -> None:
    loss = LossPolicy(0.25, 20.0, 200.0, 99.0, {"default-channel": 45.0})
    other = replace(DEFAULT_POLICY, theta=11.5, k=21.0, warm_from=26.0, hot_from=61.0, keeps_returned_buyers=False)
    for one in (DEFAULT_POLICY, other, replace(DEFAULT_POLICY, loss=loss)):
        assert read_policy(json.loads(json.dumps(policy_document(one)))) == one


def test_the_one_to_begin_with() -> None:
    """New figures move every customer, so they come as a new version and not in passing."""
    assert policy_document(DEFAULT_POLICY) == {
        "schema_version": 2,
        "before": {"half_life_days": 7.0, "weights": {"account": 4.0, "cart": 12.0, "click": 5.0}},
        "customer": {"half_life_days": 90.0, "weights": {"cart": 4.0, "click": 2.0, "order": 30.0, "return": -15.0}},
        "theta": 10.0,
        "k": 20.0,
        "warm_from": 25.0,
        "hot_from": 55.0,
        "keeps_returned_buyers": True,
        "loss": {"share": 1 / 3, "earliest_days": 30.0, "latest_days": 180.0, "set_days": None, "per_channel": {}},
    }
    loss = DEFAULT_POLICY.loss
    assert LossSettings() == LossSettings(loss.share, loss.earliest_days, loss.latest_days)


def test_of_version_1_is_read_with_the_defaults_for_loss() -> None:
    document = policy_document(replace(DEFAULT_POLICY, theta=11.0)) | {"schema_version": 1}
    del document["loss"]
    assert read_policy(document) == replace(DEFAULT_POLICY, theta=11.0)


@pytest.mark.parametrize(
    ("case", "changes", "path", "reason"),
    [
        ("of a later schema", {"schema_version": 3}, "schema_version", "version 3"),
        ("of no schema", {"schema_version": None}, "schema_version", "version None"),
        ("an unknown kind", {"before": PART | {"weights": {"dance": 1}}}, "before.weights.dance", "is not one of"),
        ("a part that is a number", {"customer": 7}, "customer", "object"),
        ("weights that are a number", {"customer": PART | {"weights": 7}}, "customer.weights", "object"),
        ("a weight in words", {"customer": PART | {"weights": {"cart": "much"}}}, "customer.weights.cart", "number"),
        ("a weight beyond all", {"before": PART | {"weights": {"cart": 1001}}}, "before.weights.cart", "from -1000"),
        ("a part without weights", {"customer": {"half_life_days": 7}}, "customer.weights", "missing"),
        ("no half-life", {"before": PART | {"half_life_days": 0}}, "before.half_life_days", "from 0.01"),
        ("for ever", {"customer": PART | {"half_life_days": math.inf}}, "customer.half_life_days", "number"),
        ("a threshold of nothing", {"theta": 0}, "theta", "from 1e-06"),
        ("a threshold that is no number", {"theta": math.nan}, "theta", "number"),
        ("a threshold that is a yes", {"theta": True}, "theta", "number"),
        ("a K of nothing", {"k": 0}, "k", "from 1e-06"),
        ("everybody is warm", {"warm_from": 0}, "warm_from", "from 0.01"),
        ("warm and hot at once", {"warm_from": 60}, "hot_from", "above warm_from"),
        ("nobody is hot", {"hot_from": 100}, "hot_from", "to 99.99"),
        ("a yes in words", {"keeps_returned_buyers": "yes"}, "keeps_returned_buyers", "true or false"),
        ("loss that is a number", {"loss": 30}, "loss", "object"),
        ("nothing left", {"loss": LOSS | {"share": 0}}, "loss.share", "from 0.01"),
        ("bounds that cross", {"loss": LOSS | {"earliest_days": 181}}, "loss.latest_days", "below earliest_days"),
        ("set to no days", {"loss": LOSS | {"set_days": 0}}, "loss.set_days", "from 1"),
        ("a channel's days in words", {"loss": LOSS | {"per_channel": {"es": "ten"}}}, "loss.per_channel.es", "number"),
        ("more channels than there are", {"loss": LOSS | {"per_channel": dict.fromkeys(map(str, range(1001)), 1)}},
         "loss.per_channel", "at most 1000"),
    ],
)  # fmt: skip
def test_is_refused_with_the_place_and_the_reason(case: str, changes: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(PolicyError, match=reason) as refusal:
        read_policy(policy_document(DEFAULT_POLICY) | changes)
    assert refusal.value.path == path, case


def test_is_taken_just_within_the_bounds() -> None:
    loss = LossPolicy(0.01, 1.0, 3650.0, 1.0, {"a": 3650.0})
    policy = replace(DEFAULT_POLICY, theta=1e-6, k=1e6, warm_from=0.01, hot_from=99.99, loss=loss)
    assert read_policy(policy_document(policy)) == policy


@pytest.mark.parametrize("name", policy_document(DEFAULT_POLICY))
def test_is_refused_when_something_is_left_out(name: str) -> None:
    document = policy_document(DEFAULT_POLICY)
    del document[name]
    with pytest.raises(PolicyError, match=f"{name}: is missing"):
        read_policy(document)

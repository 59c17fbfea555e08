"""Policies as the documents that are stored: written, read, and refused with the place and the reason."""

import math
from collections.abc import Mapping
from typing import Any

from .scoring import Kind, LossPolicy, Part, Policy

SCHEMA_VERSION = 2
LONGEST_DAYS = 3650.0
MOST_WEIGHT = 1000.0
MOST_CHANNELS = 1000


class PolicyError(ValueError):
    """A document that no policy can be made of: where, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return the policy as the JSON that is stored."""

    def part(value: Part) -> dict[str, Any]:
        return {"half_life_days": value.half_life_days, "weights": {str(k): w for k, w in value.weights.items()}}

    return {
        "schema_version": SCHEMA_VERSION,
        "before": part(policy.before),
        "customer": part(policy.customer),
        "theta": policy.theta,
        "k": policy.k,
        "warm_from": policy.warm_from,
        "hot_from": policy.hot_from,
        "keeps_returned_buyers": policy.keeps_returned_buyers,
        "loss": {
            "share": policy.loss.share,
            "earliest_days": policy.loss.earliest_days,
            "latest_days": policy.loss.latest_days,
            "set_days": policy.loss.set_days,
            "per_channel": dict(policy.loss.per_channel),
        },
    }


def read_policy(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a document; version 1 knew nothing of loss, so it gets what holds by default.

    Raises PolicyError.
    """
    version = _get(document, "schema_version")
    if version not in (1, SCHEMA_VERSION):
        raise PolicyError("schema_version", f"version {version} is not known here")
    warm = _figure(document, "warm_from", "", 0.01, 99.98)
    hot = _figure(document, "hot_from", "", 0.02, 99.99)
    if warm >= hot:
        raise PolicyError("hot_from", "has to be above warm_from")
    return Policy(
        before=_part(document, "before"),
        customer=_part(document, "customer"),
        theta=_figure(document, "theta", "", 1e-6, 1e6),
        k=_figure(document, "k", "", 1e-6, 1e6),
        warm_from=warm,
        hot_from=hot,
        keeps_returned_buyers=_flag(document, "keeps_returned_buyers"),
        loss=LossPolicy() if version == 1 else _loss(document),
    )


def _part(document: Mapping[str, Any], name: str) -> Part:
    value = _mapping(document, name)
    weights = _mapping(value, "weights", f"{name}.")
    path = f"{name}.weights."
    if unknown := sorted(set(weights) - set(Kind)):
        raise PolicyError(f"{path}{unknown[0]}", f"is not one of {', '.join(Kind)}")
    return Part(
        _figure(value, "half_life_days", f"{name}.", 0.01, LONGEST_DAYS),
        {Kind(kind): _figure(weights, kind, path, -MOST_WEIGHT, MOST_WEIGHT) for kind in weights},
    )


def _loss(document: Mapping[str, Any]) -> LossPolicy:
    value = _mapping(document, "loss")
    channels = _mapping(value, "per_channel", "loss.")
    if len(channels) > MOST_CHANNELS:
        raise PolicyError("loss.per_channel", f"at most {MOST_CHANNELS} channels fit here")
    earliest = _figure(value, "earliest_days", "loss.", 1.0, LONGEST_DAYS)
    latest = _figure(value, "latest_days", "loss.", 1.0, LONGEST_DAYS)
    if earliest > latest:
        raise PolicyError("loss.latest_days", "may not be below earliest_days")
    return LossPolicy(
        share=_figure(value, "share", "loss.", 0.01, 0.99),
        earliest_days=earliest,
        latest_days=latest,
        set_days=None
        if _get(value, "set_days", "loss.") is None
        else _figure(value, "set_days", "loss.", 1.0, LONGEST_DAYS),
        per_channel={slug: _figure(channels, slug, "loss.per_channel.", 1.0, LONGEST_DAYS) for slug in channels},
    )


def _get(document: Mapping[str, Any], name: str, path: str = "") -> Any:
    if name not in document:
        raise PolicyError(f"{path}{name}", "is missing")
    return document[name]


def _mapping(document: Mapping[str, Any], name: str, path: str = "") -> Mapping[str, Any]:
    value = _get(document, name, path)
    if not isinstance(value, Mapping):
        raise PolicyError(f"{path}{name}", "has to be an object")
    return value


def _figure(document: Mapping[str, Any], name: str, path: str, least: float, most: float) -> float:
    value = _get(document, name, path)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PolicyError(f"{path}{name}", "has to be a number")
    if not least <= value <= most:
        raise PolicyError(f"{path}{name}", f"has to be from {least:g} to {most:g}")
    return float(value)


def _flag(document: Mapping[str, Any], name: str) -> bool:
    value = _get(document, name)
    if not isinstance(value, bool):
        raise PolicyError(name, "has to be true or false")
    return value

"""What a merchant says of consent: the topics, where orders stand in for it, and whether tracking needs asking."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from saleor_lifecycle.domain.legal_basis import KNOWING, LASTS, SoftOptIn, rules_document
from saleor_lifecycle.domain.topics import Topic, faults, renewed, topics_document
from saleor_lifecycle.models import ConsentSettings

from .brands import Code, Problem


def set_topics(installation_id: int, topics: Sequence[Topic]) -> tuple[Problem, ...]:
    """Store the list of topics, those that are left out archived; with a problem, return it and store nothing."""
    held = _locked(installation_id)
    wanted = renewed(held.topic_list(), topics)
    if found := faults(wanted):
        return tuple(Problem(field, Code.INVALID, text) for field, text in found)
    held.topics = topics_document(wanted)
    held.save(update_fields=["topics"])
    return ()


def set_soft_opt_in(installation_id: int, rules: Mapping[str, SoftOptIn], now: datetime) -> tuple[Problem, ...]:
    """Store in which countries orders stand in for consent; with a problem, return it and store nothing."""
    problems = [
        Problem("country", Code.INVALID, f"{country}: the law there, as far as we know it, asks for consent.")
        for country in sorted(set(rules) - KNOWING)
    ]
    problems += [
        Problem("lasts_days", Code.INVALID, f"{country}: give 1 to {LASTS.days} days.")
        for country, rule in sorted(rules.items())
        if not 1 <= rule.lasts.days <= LASTS.days
    ]
    problems += [
        Problem("offered_from", Code.INVALID, f"{country}: the day lies in the future.")
        for country, rule in sorted(rules.items())
        if rule.offered_from > now.date()
    ]
    if problems:
        return tuple(problems)
    held = _locked(installation_id)
    held.soft_opt_in = rules_document(rules)
    held.save(update_fields=["soft_opt_in"])
    return ()


def set_tracking_default(installation_id: int, is_tracked: bool) -> None:
    """Store whether it is noted what people open and click who were never asked."""
    held = _locked(installation_id)
    held.is_tracking_default = is_tracked
    held.save(update_fields=["is_tracking_default"])


def _locked(installation_id: int) -> ConsentSettings:
    ConsentSettings.objects.get_or_create(pk=installation_id)
    return ConsentSettings.objects.select_for_update().get(pk=installation_id)

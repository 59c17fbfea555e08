from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

import pytest
from django.db import connection

from saleor_lifecycle.actions import erasure, events
from saleor_lifecycle.bench import floor, loading, population, stream
from saleor_lifecycle.bench.folding import COLUMNS
from saleor_lifecycle.models import (
    Account,
    Cart,
    Consent,
    Customer,
    EmailClaim,
    Identity,
    Installation,
    Order,
    PhaseChange,
)
from saleor_lifecycle.models.entry import maintaining, within
from saleor_lifecycle.saleor.readings import read
from saleor_lifecycle.tasks import events as tasks

PEOPLE = 400
OWN = {
    "id",
    "public_id",
    "installation",
    "policy",
    "merged_into",
    "began_as",
    "identity",
    "customer",
    "address_hash",
    "checkout_id",
}


def shop(install: Callable[[str], Installation], domain: str) -> Installation:
    installation = install(domain)
    with within(installation.pk):
        installation = Installation.objects.select_related("policy").get(pk=installation.pk)
    loading.load(installation, PEOPLE, erasure.hash_of(installation))
    return installation


def held(installation: Installation) -> dict[str, list[Any]]:
    """Return every row, without what two shops have each their own of, under names that both know."""
    with within(installation.pk):
        handles = {row.pk: (row.kind, row.value) for row in Identity.objects.all()}
        names = {
            customer: sorted(
                value for value, owner in Identity.objects.values_list("value", "customer_id") if owner == customer
            )
            for customer in set(Identity.objects.values_list("customer_id", flat=True))
        }
        began: dict[int, list[Any]] = {}
        for customer, kind, value in Identity.objects.values_list("began_as_id", "kind", "value"):
            began.setdefault(customer, []).append((kind, value))
        found: dict[str, list[Any]] = {"identities": [], "beginnings": sorted(map(repr, map(sorted, began.values())))}
        for model in (Identity, Account, EmailClaim, Order, Cart, Consent):
            columns = [field.name for field in model._meta.concrete_fields if field.name not in OWN]
            has_handle = any(field.name == "identity" for field in model._meta.concrete_fields)
            rows = model.objects.values_list("identity_id" if has_handle else "id", *columns)
            found[model.__name__] = sorted(repr((handles.get(row[0]), row[1:])) for row in rows)
        found["first"] = sorted(
            repr((names[survivor], sorted(began[first])))
            for survivor, key in Customer.objects.values_list("id", "holdout_key")
            for first in Customer.objects.filter(public_id__in=[key] if key else []).values_list("id", flat=True)
        )
        gone = Customer.objects.exclude(merged_into=None).values_list("merged_into_id", "phase_since", "due_at")
        found["merged"] = sorted(repr((names[heir], row)) for heir, *row in gone)
        living = Customer.objects.filter(merged_into=None).values_list("id", *COLUMNS, "attributes", "phase_since")
        found["Customer"] = sorted((repr(names[id]), [rounded(value) for value in row]) for id, *row in living)
        found["PhaseChange"] = sorted(
            repr((names.get(customer), row))
            for customer, *row in PhaseChange.objects.values_list(
                "customer_id", "before", "after", "cause", "reason", "at"
            )
        )
    return found


def rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return repr(round(value, 9)) if isinstance(value, float) else repr(value)


@pytest.mark.django_db(transaction=True)
def test_it_ends_with_the_same_rows_as_the_app(install: Callable[[str], Installation]) -> None:
    with maintaining(), connection.cursor() as cursor:
        cursor.execute(floor.GRANT)
    ours, other = shop(install, "ours.example.com"), shop(install, "floor.example.com")
    before = held(ours)
    assert before == held(other)
    now = population.NOW
    for bodies in islice(stream.batches(PEOPLE, 60), 10):
        now += timedelta(seconds=60)
        told = [(body, sha256(body).hexdigest()) for body in bodies]
        for body, digest in told:
            events.record(ours.pk, events.Delivery("an_event", digest, body, now))
        assert tasks.run(ours.pk, now) == len(bodies)
        facts = [fact for body, digest in told for fact in read(body, digest, other.consent_key).facts]
        with within(other.pk):
            floor.apply(other, facts, erasure.hash_of(other), now)
    after, expected = held(other), held(ours)
    for name, rows in expected.items():
        assert after[name] == rows, name
        assert name == "identities" or rows != before[name], name

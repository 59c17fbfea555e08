import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from saleor_lifecycle.actions import attributes, consent, ledger, separations, suppressions
from saleor_lifecycle.actions.export import LEFT_OUT, export, find
from saleor_lifecycle.domain.attributes import KeyMapping, Origin
from saleor_lifecycle.domain.values import Attribute, Type
from saleor_lifecycle.models import (
    CodePool,
    CountedOrder,
    Customer,
    Decision,
    DeliveryEvent,
    Enrollment,
    FileEntry,
    Flow,
    FlowEntry,
    Identity,
    Installation,
    Message,
    Occasion,
    Order,
    OrderDelivery,
    PersonalCode,
    Preference,
    Tag,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from tests.facts import ADA, CHECKOUT, GRACE, account, cart, order, tell
from tests.visits import visit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SECTIONS = {
    "customer": "customer",
    "identity": "identities",
    "account": "accounts",
    "emailclaim": "email_claims",
    "separation": "separations",
    "order": "orders",
    "orderdelivery": "deliveries",
    "countedorder": "counted_orders",
    "personalcode": "personal_codes",
    "cart": "carts",
    "phasechange": "phase_changes",
    "consent": "consent",
    "fileentry": "file_entries",
    "enrollment": "enrollments",
    "message": "messages",
    "preference": "preferences",
    "deliveryevent": "delivery_events",
    "occasion": "occasions",
    "tag": "tags",
    "flowentry": "flow_entries",
}
"""Where each table with a path to the customer is found."""


def exported(installation: Installation, who: str, now: datetime) -> dict[str, Any]:
    with within(installation.pk):
        customer = find(installation, who)
        assert customer is not None
        return export(installation, customer, now)


@pytest.fixture
def known(installation: Installation, now: datetime) -> Installation:
    """A shop with a customer of whom something lies in every table, and with another customer."""
    tell(installation, [cart(now - 2 * HOUR, user=None, consent=True), order(now - DAY, user=None)], now - HOUR)
    passages.run(installation.pk, now)
    tell(installation, [account(now, first_name="Adalbertha"), cart(now, "grace's", GRACE, "grace@example.com")], now)
    tell(installation, [account(now, GRACE, "grace@example.com", first_name="Grace")], now)
    with within(installation.pk):
        email = Identity.objects.get(value="ada@example.com")
        FileEntry.objects.create(
            installation=installation,
            identity=email,
            file_name="klaviyo.csv",
            line=7,
            attributes={"tier": "gold"},
            at=now,
        )
        Preference.objects.create(installation=installation, identity=email, frequency="weekly", at=now)
        OrderDelivery.objects.create(installation=installation, order=Order.objects.get(), at=now, source="told")
        flow, person = Flow.objects.get(key="abandoned-cart"), Customer.objects.get(identities=email)
        pool = CodePool.objects.create(installation=installation, percent=10, expires_on=now.date(), ends_at=now)
        PersonalCode.objects.create(installation=installation, pool=pool, number=1, code="ABCDE", customer=person)
        Occasion.objects.create(installation=installation, flow=flow, customer=person, key="", at=now)
        Tag.objects.create(installation=installation, customer=person, name="gold", at=now)
        FlowEntry.objects.create(installation=installation, identity=email, name="tier", value="gold", at=now)
        DeliveryEvent.objects.create(
            installation=installation,
            message=Message.objects.get(),
            provider="postmark",
            key="1",
            kind="delivered",
            occurred_at=now,
            received_at=now,
        )
    return installation


def leading_to_customers() -> set[str]:
    """Return the tables from which foreign keys lead to a customer."""
    reached: set[type[Model]] = {Customer}
    models = list(apps.get_app_config("lifecycle").get_models())
    while more := {
        model
        for model in models
        if model not in reached
        and any(field.is_relation and field.related_model in reached for field in model._meta.concrete_fields)
    }:
        reached |= more
    return {model._meta.model_name or "" for model in reached}


def test_every_table_with_a_path_to_the_customer_is_in_it(known: Installation, now: datetime) -> None:
    assert leading_to_customers() == set(SECTIONS)
    with within(known.pk):
        email = Identity.objects.get(value="ada@example.com")
        separations.separate(known, email, "VXNlcjo5OQ==", now)
        separations.rejoin(known, email, ADA, "VXNlcjo5OQ==", now)
        CountedOrder.objects.create(
            installation=known, order=Order.objects.get(), customer=email.customer, day=now, products=[]
        )
    found = exported(known, ADA, now)
    assert [name for name in SECTIONS.values() if not found[name]] == []


def test_it_says_who_they_are_and_where_they_stand(known: Installation, now: datetime) -> None:
    found = exported(known, " ADA@example.com ", now)
    assert found == exported(known, ADA, now), "by either handle"
    assert found["accounts"][0]["first_name"] == "Adalbertha"
    assert {row["value"] for row in found["identities"]} == {ADA, "ada@example.com"}
    assert found["orders"][0]["total"] == "20.000"
    assert found["standing"]["phase"] == "retention"
    assert found["standing"]["score"]["shares"]
    assert [row["cause"] for row in found["phase_changes"]] == ["behaviour", "behaviour"], "as a guest, too"
    assert found["consent"][0]["evidence"] == "marketing_consent=yes"
    assert found["suppressions"] == [
        {"address": "ada@example.com", "channel": "email", "is_suppressed": False, "reason": None, "at": None}
    ]


def test_a_suppression_is_told(known: Installation, now: datetime) -> None:
    with within(known.pk):
        message = Message.objects.get()
        message.address_hash = consent.address_hash(known, "email", "ada@example.com")
        consent.suppress(message, "bounced", now)
    [said] = exported(known, ADA, now)["suppressions"]
    assert (said["is_suppressed"], said["reason"], said["at"]) == (True, "bounced", now.isoformat())


def test_what_other_systems_are_still_to_be_told_is_in_it(known: Installation, now: datetime) -> None:
    with within(known.pk):
        installation = Installation.objects.select_related("policy").get(pk=known.pk)
        for user in (ADA, GRACE):
            consent.say(installation, user, consent.Word(False, ("news",), "sms", "a test"), now)
    [told] = exported(known, ADA, now)["to_be_told_to_other_systems"]
    assert (told["written"]["event"], told["written"]["users"]) == ("consent.withdrawn", [ADA])


def test_a_number_that_wants_no_sms_is_told(known: Installation, now: datetime) -> None:
    with within(known.pk):
        mapping = KeyMapping(Origin.USER, "mobile", Attribute("mobile", Type.PHONE))
        attributes.set_mappings(known.pk, [mapping], now)
        Customer.objects.filter(identities__value=ADA).update(
            attributes={"mobile": {"value": "+34612345678", "origin": "user", "at": ""}}
        )
        hashed = consent.address_hash(known, "sms", "+34612345678")
        suppressions.add(known.pk, "sms", [suppressions.Entry(hashed, "unsubscribed", now)])
    said = [one for one in exported(known, ADA, now)["suppressions"] if one["channel"] == "sms"]
    assert [(one["address"], one["reason"]) for one in said] == [("+34612345678", "unsubscribed")]


def test_no_checkout_and_nobody_else_is_in_it(known: Installation, now: datetime) -> None:
    text = json.dumps(exported(known, ADA, now))
    for word in (CHECKOUT, GRACE + '"', "grace@example.com", "Grace"):
        assert word not in text


def test_nobody_is_found_by_what_is_no_handle(
    known: Installation, other_installation: Installation, now: datetime
) -> None:
    with within(known.pk):
        assert find(known, "nobody@example.com") is None
    with within(other_installation.pk):
        assert find(known, ADA) is None, "another shop's"
        assert Identity.objects.count() == 0


def test_visits_are_in_it_and_those_of_nobody_else(known: Installation, now: datetime) -> None:
    visit(known, now, "before they signed in")
    visit(known, now, "signed in", ADA, products=("UHJvZHVjdDo3",))
    visit(known, now, "hers", GRACE, visitor="the-browser-of-grace")
    visit(known, now, "nobody's", visitor="the-browser-of-nobody")
    found = exported(known, ADA, now)
    told = [row["data"].get("touch", {}).get("source") for row in found["activities"]]
    assert sorted(told, key=str) == [None, "before they signed in", "signed in"]
    assert "UHJvZHVjdDo3" in {row["reference"] for row in found["activities"]}
    assert {row["kind"] for row in found["identities"]} == {"user", "email", "visitor"}
    assert [row["last_touch"]["source"] for row in found["identities"] if row["last_touch"]] == ["signed in"]


def test_decisions_about_them_and_whom_they_turned_out_to_be_are_in_it(known: Installation, now: datetime) -> None:
    with within(known.pk):
        passage = Enrollment.objects.get()
        guest = Customer.objects.get(merged_into=passage.customer)
        grace = Customer.objects.get(identities__value=GRACE)
        for number, customer in enumerate([guest, passage.customer, grace]):
            told = ledger.Entry(
                customer.pk, passage.flow_id, Decision.Kind.PASSED, "", passage.pk, step=f"wait-{number}"
            )
            ledger.record(known.pk, [told], now)
    told = exported(known, ADA, now)["decisions"]
    assert [row for row in told if row["step"].startswith("wait")] == [
        {"occurred_at": now.isoformat(), "step": step, "kind": "passed", "outcome": "", "data": {}}
        for step in ("wait-0", "wait-1")
    ]


def test_each_column_that_is_left_out_is_there(known: Installation) -> None:
    columns = {
        field.column for model in apps.get_app_config("lifecycle").get_models() for field in model._meta.concrete_fields
    }
    assert set(LEFT_OUT) <= columns


def test_an_address_that_nobody_confirmed_names_its_only_account(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, ADA, "ada@example.com", confirmed=False)], now)
    with within(installation.pk):
        found = find(installation, " Ada@example.com")
        assert found is not None
        assert found.identities.get().value == ADA
    tell(installation, [account(now, GRACE, "ada@example.com", confirmed=False)], now)
    with within(installation.pk):
        assert find(installation, "ada@example.com") is None

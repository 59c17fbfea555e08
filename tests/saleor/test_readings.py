import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from saleor_lifecycle.domain.facts import (
    AccountFact,
    AppChange,
    AppFact,
    CartFact,
    DeletionFact,
    FulfillmentFact,
    OrderFact,
    Version,
)
from saleor_lifecycle.domain.touches import Touch
from saleor_lifecycle.saleor import manifest, readings, snapshots
from saleor_lifecycle.saleor.readings import NOT_PLACED, Reading, UnreadableBody, read
from tests.recordings import Recording, recording, recordings

OURS = {event for webhook in manifest.webhooks("https://x.example") for event in webhook["asyncEvents"]}
KEY = "marketing"


def reading_of(content: Any, digest: str = "d") -> Reading:
    return read(json.dumps(content).encode(), digest, KEY)


def content_of(name: str) -> Any:
    return json.loads(recording(name).body)


def changed(name: str, path: str, value: Any) -> Any:
    """The recorded body with one place of it set to another value."""
    content = content_of(name)
    *parents, last = path.split(".")
    place = content
    for parent in parents:
        place = place[parent]
    place[last] = value
    return content


def total_of(amount: Any) -> Any:
    return changed("ORDER_CREATED-1", "order.total.gross.amount", amount)


def account(content: Any) -> AccountFact:
    (fact,) = reading_of(content).facts
    assert isinstance(fact, AccountFact)
    return fact


def cart(content: Any) -> CartFact:
    (fact,) = reading_of(content).facts
    assert isinstance(fact, CartFact)
    return fact


def order(content: Any) -> OrderFact:
    fact = reading_of(content).facts[0]
    assert isinstance(fact, OrderFact)
    return fact


@pytest.mark.parametrize("delivery", recordings(), ids=lambda delivery: delivery.name)
def test_gives_facts_or_a_reason_for_every_recorded_body(delivery: Recording) -> None:
    digest = hashlib.sha256(delivery.body).hexdigest()
    if delivery.name.startswith("LEGACY_"):
        with pytest.raises(UnreadableBody):
            read(delivery.body, digest, KEY)
        return
    reading = read(delivery.body, digest, KEY)
    assert bool(reading.facts) != bool(reading.note)
    assert reading.recipient_id
    assert (reading.note == "not an event we use") == (delivery.event not in OURS)
    for fact in reading.facts:
        if not isinstance(fact, DeletionFact | AppFact):
            assert fact.version.digest == digest
            assert fact.version.issued_at == reading.issued_at


def test_knows_a_model_for_each_event_of_the_manifest() -> None:
    assert {manifest.event_names(f"... on {name}")[0] for name in readings._MODELS} == OURS


METADATA = tuple(
    sorted((one["key"], one["value"]) for one in json.loads(recording("ORDER_CREATED-1").body)["order"]["metadata"])
)


def test_an_order_of_a_webhook_that_did_not_ask_for_metadata_has_none() -> None:
    content = content_of("ORDER_CREATED-1")
    del content["order"]["metadata"]
    assert METADATA != ()
    assert order(content).metadata == ()


def test_reads_an_order() -> None:
    reading = read(recording("ORDER_CREATED-1").body, "d", KEY)
    assert reading.facts == (
        OrderFact(
            order_id="T3JkZXI6ZTJjNmI2NmItMDlkYy00NWIwLTlhNTEtYmQ2YzY0YzUzYTIz",
            number="21",
            user_id=None,
            email="anon.ada@example.com",
            checkout_id="Q2hlY2tvdXQ6ZjdhMWZkOTUtODE3Zi00MjA5LTliM2QtMjI4NGIwZjhlNDlj",
            channel="default-channel",
            language="en",
            status="UNFULFILLED",
            charge_status="FULL",
            origin="CHECKOUT",
            total=Decimal("21.190"),
            charged=Decimal("21.190"),
            refunded=Decimal("0.000"),
            currency="USD",
            created_at=datetime(2026, 11, 21, 21, 55, 46, 40227, UTC),
            is_import=False,
            version=Version(
                datetime(2026, 11, 21, 21, 55, 46, 265273, UTC),
                datetime(2026, 11, 21, 21, 55, 46, 444554, UTC),
                "d",
            ),
            metadata=METADATA,
            lines=(("UHJvZHVjdFZhcmlhbnQ6MzQ4", 1), ("UHJvZHVjdFZhcmlhbnQ6Mzg0", 1)),
            country="US",
            zone="America/New_York",
        ),
    )
    assert (reading.recipient_id, reading.principal_id) == ("QXBwOjE=", None)


@pytest.mark.parametrize(
    ("shipping", "billing", "country"),
    [("ES", "FR", "ES"), (None, "FR", "FR"), ("es", None, "ES"), (None, None, ""), ("missing", "missing", "")],
)
def test_an_orders_country_is_that_of_its_shipping_else_its_billing_address(
    shipping: str | None, billing: str | None, country: str
) -> None:
    content = json.loads(recording("ORDER_CREATED-1").body)
    for name, code in (("shippingAddress", shipping), ("billingAddress", billing)):
        content["order"][name] = code and {"country": {"code": code}}
        if code == "missing":
            del content["order"][name]
    assert order(content).country == country


@pytest.mark.parametrize(
    ("country", "postcode", "zone"),
    [("ES", "35001", "Atlantic/Canary"), ("es", "28013", "Europe/Madrid"), ("DE", "10115", ""), ("US", None, "")],
)
def test_an_address_is_read_as_the_zone_that_its_postcode_decides(
    country: str, postcode: str | None, zone: str
) -> None:
    address: dict[str, Any] = {"country": {"code": country}}
    if postcode is not None:  # a shop's webhooks may not select it yet
        address["postalCode"] = postcode
    placed = order(changed("ORDER_CREATED-1", "order.shippingAddress", address))
    assert placed.zone == zone
    assert postcode is None or postcode not in repr(placed)
    (filled,) = reading_of(changed("CHECKOUT_UPDATED-1", "checkout.billingAddress", address)).facts
    assert isinstance(filled, CartFact)
    assert filled.zone == zone


def test_reads_the_user_of_an_order_only_as_its_owner() -> None:
    content = changed("ORDER_CREATED-1", "order.user", {"id": "VXNlcjo0Ng==", "email": "x@example.com"})
    assert [type(fact) for fact in reading_of(content).facts] == [OrderFact]
    assert order(content).user_id == "VXNlcjo0Ng=="


def test_reads_a_fulfilment_and_its_order() -> None:
    placed, sent = read(recording("FULFILLMENT_CREATED-1").body, "d", KEY).facts
    assert isinstance(placed, OrderFact)
    assert isinstance(sent, FulfillmentFact)
    assert (sent.order_id, sent.status) == (placed.order_id, "FULFILLED")
    assert sent.version == placed.version


def test_reads_the_deletion_of_an_account() -> None:
    (gone,) = read(recording("ACCOUNT_DELETED-2").body, "d", KEY).facts
    assert gone == DeletionFact(
        "VXNlcjo1MDU4", "dora.1795298924@example.com", datetime(2026, 11, 21, 22, 8, 55, 36209, UTC)
    )


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (content_of("APP_DELETED-1"), AppChange.DELETED),
        (changed("APP_STATUS_CHANGED-1", "app.isActive", False), AppChange.DEACTIVATED),
        (changed("APP_STATUS_CHANGED-1", "app.isActive", True), AppChange.ACTIVATED),
    ],
)
def test_reads_what_became_of_the_app(content: Any, change: AppChange) -> None:
    (fact,) = reading_of(content).facts
    assert isinstance(fact, AppFact)
    assert (fact.app_id, fact.change) == ("QXBwOjc=", change)


def test_reads_imported_orders_without_drafts() -> None:
    content = content_of("ORDER_CREATED-1") | {"__typename": "OrderBulkCreated"}
    first = content.pop("order")
    draft = first | {"id": "T3JkZXI6Mw==", "status": "DRAFT"}
    content["orders"] = [first, first | {"id": "T3JkZXI6Mg=="}, draft]
    facts = reading_of(content).facts
    assert [fact.order_id for fact in facts if isinstance(fact, OrderFact) and fact.is_import] == [
        first["id"],
        "T3JkZXI6Mg==",
    ]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (content_of("CUSTOMER_UPDATED-staff-user-null"), "user withheld: permission missing"),
        (content_of("CUSTOMER_DELETED-1"), "user withheld: permission missing"),
        (changed("ACCOUNT_DELETED-2", "user", None), "user withheld"),
        (changed("CUSTOMER_CREATED-1", "user", None), "user withheld"),
        (changed("CUSTOMER_CREATED-1", "user.isStaff", True), "staff user"),
        (changed("CHECKOUT_UPDATED-1", "checkout", None), "checkout withheld"),
        (changed("ORDER_UPDATED-1", "order", None), "order withheld"),
        (changed("ORDER_UPDATED-1", "order.status", "DRAFT"), NOT_PLACED),
        (changed("ORDER_CREATED-1", "order.origin", "REISSUE"), NOT_PLACED),
        (changed("FULFILLMENT_CREATED-1", "order", None), "order withheld"),
        (changed("FULFILLMENT_CREATED-1", "order.status", "DRAFT"), NOT_PLACED),
        (changed("APP_STATUS_CHANGED-1", "app", None), "app withheld"),
        (content_of("PRODUCT_UPDATED-1"), "not an event we use"),
        ({"__typename": "SomethingNew"}, "not an event we use"),
    ],
)
def test_gives_no_fact_but_the_reason(content: Any, note: str) -> None:
    reading = reading_of(content)
    assert (reading.facts, reading.note) == ((), note)


def by(principal: Any, name: str) -> Any:
    return content_of(name) | {"issuingPrincipal": principal, "recipient": {"id": "QXBwOjE="}}


@pytest.mark.parametrize(
    ("case", "content", "is_dropped"),
    [
        ("our own write", by({"__typename": "App", "id": "QXBwOjE="}, "CUSTOMER_CREATED-1"), True),
        ("another app", by({"__typename": "App", "id": "QXBwOjI="}, "CUSTOMER_CREATED-1"), False),
        ("a user of the same id", by({"__typename": "User", "id": "QXBwOjE="}, "CUSTOMER_CREATED-1"), False),
        ("nobody", by(None, "CUSTOMER_CREATED-1"), False),
        ("a confirmation", by({"__typename": "App", "id": "QXBwOjE="}, "ACCOUNT_CONFIRMED-1"), False),
        ("a cart of ours", by({"__typename": "App", "id": "QXBwOjE="}, "CHECKOUT_UPDATED-1"), False),
        ("an order of ours", by({"__typename": "App", "id": "QXBwOjE="}, "ORDER_UPDATED-1"), False),
    ],
)
def test_drops_only_the_echo_of_what_it_writes_to_customers(case: str, content: Any, is_dropped: bool) -> None:
    reading = reading_of(content)
    assert (reading.note == "own echo") == is_dropped, case
    assert bool(reading.facts) != is_dropped


def test_calls_no_event_an_echo_when_nobody_is_named() -> None:
    content = {"__typename": "SomethingNew", "recipient": None, "issuingPrincipal": {"__typename": "App"}}
    assert not reading_of(content).is_own_echo


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"null", "not an event with its __typename"),
        (b"[]", "not an event with its __typename"),
        (b"{}", "not an event with its __typename"),
        (b'{"__typename": 5}', "not an event with its __typename"),
        (b'{"__typename": "OrderCreated"}', "OrderCreated: issuedAt is missing"),
        (b'{"__typename": "OrderCreated", "issuedAt": "soon"}', "issuedAt is not a time"),
        (b'{"__typename": "OrderCreated", "issuedAt": 5}', "issuedAt is not a time"),
        (b'{"__typename": "OrderCreated", "issuedAt": "2026-11-21T21:55:46"}', "issuedAt is not a time"),
    ],
)
def test_refuses_a_body_that_is_no_event(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableBody, match=f"^{message}$"):
        read(body, "d", KEY)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (total_of("much"), "order.total.gross.amount float_parsing"),
        (total_of(1e15), "OrderCreated: an amount out of range"),
        (total_of(float("nan")), "an amount out of range"),
        (changed("ORDER_CREATED-1", "order.created", "2026-11-21T21:55:46"), "a time without its offset"),
        (changed("ORDER_CREATED-1", "order.status", 5), "order.status enum"),
        (changed("CUSTOMER_CREATED-1", "user.email", ["secret@example.com"]), "user.email string_type"),
        (changed("CHECKOUT_UPDATED-1", "checkout.lines", None), "checkout.lines list_type"),
    ],
)
def test_says_which_field_is_not_as_promised_but_not_what_it_held(content: Any, message: str) -> None:
    with pytest.raises(UnreadableBody) as refusal:
        reading_of(content)
    assert message in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "anon.ada" not in str(refusal.value)


@pytest.mark.parametrize(
    ("field", "word", "read_as"),
    [
        ("status", "TELEPORTED", "TELEPORTED"),
        ("chargeStatus", "OWED", "OWED"),
        ("origin", "DREAM", "DREAM"),
        ("languageCodeEnum", "TLH_QO", "tlh-QO"),
    ],
)
def test_reads_a_word_that_only_a_newer_saleor_knows(field: str, word: str, read_as: str) -> None:
    fact = order(changed("ORDER_CREATED-1", f"order.{field}", word))
    assert read_as in (fact.status, fact.charge_status, fact.origin, fact.language)


def test_reads_a_cart_and_an_account_in_words_of_a_newer_saleor() -> None:
    content = changed("CHECKOUT_UPDATED-1", "checkout.authorizeStatus", "PLEDGED")
    content["checkout"]["chargeStatus"] = "LENT"
    assert not cart(content).is_being_paid
    assert account(changed("CUSTOMER_CREATED-1", "user.languageCode", "TLH")).language == "tlh"


LEGACY = recording("LEGACY_CUSTOMER_DELETED-1").body


def legacy(change: Any) -> bytes:
    (user,) = json.loads(LEGACY)
    return json.dumps([user | change]).encode()


def test_reads_the_deletion_that_a_saleor_before_3_23_sends() -> None:
    reading = read(LEGACY, "d", KEY, "customer_deleted")
    when = datetime(2026, 11, 21, 22, 12, 54, 163150, UTC)
    assert reading.facts == (DeletionFact("VXNlcjo1MDU5", "todelete.1795299171@example.com", when),)
    assert (reading.typename, reading.issued_at, reading.note) == ("CustomerDeleted", when, None)
    assert (reading.principal_type, reading.principal_id) == ("User", "VXNlcjoyMQ==")
    assert not reading.is_own_echo


@pytest.mark.parametrize("event", ["", "customer_created", "customer_updated", "customer_deleted "])
def test_takes_no_other_body_of_that_form_for_a_deletion(event: str) -> None:
    with pytest.raises(UnreadableBody, match="not an event with its __typename"):
        read(LEGACY, "d", KEY, event)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "not an event with its __typename"),
        (b"[1]", "not an event with its __typename"),
        (b"[[]]", "not an event with its __typename"),
        (b'[{"type": "Order"}]', "not an event with its __typename"),
        (json.dumps(json.loads(LEGACY) * 2).encode(), "not an event with its __typename"),
        (legacy({"id": None}), "CustomerDeleted: id or issued_at is missing"),
        (legacy({"meta": None}), "CustomerDeleted: id or issued_at is missing"),
        (legacy({"meta": {"issued_at": "soon"}}), "issuedAt is not a time"),
        (legacy({"meta": {"issued_at": "2026-11-21T22:12:54"}}), "issuedAt is not a time"),
    ],
)
def test_refuses_what_only_looks_like_an_old_deletion(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableBody, match=f"^{message}$"):
        read(body, "d", KEY, "customer_deleted")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Ada@Example.COM ", "ada@example.com"), ("", None), ("  ", None), (None, None)],
)
def test_keeps_emails_in_lower_case(typed: str | None, kept: str | None) -> None:
    assert cart(changed("CHECKOUT_UPDATED-1", "checkout.email", typed)).email == kept
    assert order(changed("ORDER_CREATED-1", "order.userEmail", typed)).email == kept


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("EN", "en"),
        ("ES_MX", "es-MX"),
        ("FIL_PH", "fil-PH"),
        ("ZH_HANS", "zh-Hans"),
        ("ZH_HANT_TW", "zh-Hant-TW"),
        ("CA_ES_VALENCIA", "ca-ES-valencia"),
    ],
)
def test_speaks_of_languages_in_bcp_47(code: str, tag: str) -> None:
    assert cart(changed("CHECKOUT_UPDATED-1", "checkout.languageCode", code)).language == tag
    assert account(changed("CUSTOMER_CREATED-1", "user.languageCode", code)).language == tag


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        *[(word, True) for word in ("true", "Yes", "1", "ON", "si", "Sí", " granted ")],
        *[(word, False) for word in ("false", "No", "0", "off", "DENIED")],
        *[(word, None) for word in ("", "maybe", "2", "null")],
    ],
)
def test_takes_consent_from_the_mapped_key(said: str, meaning: bool | None) -> None:
    metadata = [{"key": "other", "value": "yes"}, {"key": KEY, "value": said}]
    assert account(changed("CUSTOMER_CREATED-1", "user.metadata", metadata)).consent is meaning
    assert cart(changed("CHECKOUT_UPDATED-1", "checkout.metadata", metadata)).consent is meaning


@pytest.mark.parametrize(("key", "phase"), [("lifecycle.phase", "gold"), ("lifecycle.score", None)])
def test_takes_what_the_record_says_of_the_phase(key: str, phase: str | None) -> None:
    metadata = [{"key": "other", "value": "yes"}, {"key": key, "value": "gold"}]
    assert account(changed("CUSTOMER_METADATA_UPDATED-1", "user.metadata", metadata)).projected_phase == phase


VISITOR = "8c3a4a52-71bf-4a62-9f4c-0d2f1f8f2b11"
WHENCE = [{"key": "utm_source", "value": "google"}, {"key": "lifecycle_visitor", "value": VISITOR}]


@pytest.mark.parametrize("said", ["yes", ""])
def test_a_checkout_says_where_its_person_came_from(said: str) -> None:
    found = cart(changed("CHECKOUT_UPDATED-1", "checkout.metadata", [*WHENCE, {"key": KEY, "value": said}]))
    assert (found.touch, found.visitor) == (Touch(found.created_at, "google"), VISITOR)


def test_a_checkout_whose_consent_is_refused_says_nothing_of_it() -> None:
    found = cart(changed("CHECKOUT_UPDATED-1", "checkout.metadata", [*WHENCE, {"key": KEY, "value": "no"}]))
    assert (found.consent, found.touch, found.visitor) == (False, None, None)


def test_metadata_that_says_nothing_of_it_is_read_as_before() -> None:
    found = cart(changed("CHECKOUT_UPDATED-1", "checkout.metadata", [{"key": "lifecycle_visitor", "value": "short"}]))
    assert (found.touch, found.visitor) == (None, None)


def test_an_account_names_its_browser() -> None:
    assert account(changed("CUSTOMER_CREATED-1", "user.metadata", WHENCE)).visitor == VISITOR


def test_takes_no_consent_from_another_key() -> None:
    metadata = [{"key": "Marketing", "value": "yes"}]
    assert account(changed("CUSTOMER_CREATED-1", "user.metadata", metadata)).consent is None


def test_sums_the_lines_of_a_variant_and_leaves_out_empty_ones() -> None:
    lines = [
        {"quantity": quantity, "variant": {"id": variant}}
        for variant, quantity in (("b", 1), ("a", 2), ("b", 3), ("c", 0))
    ]
    assert cart(changed("CHECKOUT_UPDATED-1", "checkout.lines", lines)).lines == (("a", 2), ("b", 4))
    assert cart(changed("CHECKOUT_UPDATED-1", "checkout.lines", [])).lines == ()


@pytest.mark.parametrize(
    ("authorized", "charged", "is_being_paid"),
    [
        ("NONE", "NONE", False),
        ("PARTIAL", "PARTIAL", False),
        ("FULL", "NONE", True),
        ("NONE", "FULL", True),
        ("NONE", "OVERCHARGED", True),
    ],
)
def test_sees_that_a_cart_is_being_paid(authorized: str, charged: str, is_being_paid: bool) -> None:
    content = changed("CHECKOUT_UPDATED-1", "checkout.authorizeStatus", authorized)
    content["checkout"]["chargeStatus"] = charged
    assert cart(content).is_being_paid is is_being_paid


@pytest.mark.parametrize("origin", ["CHECKOUT", "DRAFT", "BULK_CREATE"])
def test_marks_an_imported_order_by_its_origin(origin: str) -> None:
    assert order(changed("ORDER_CREATED-1", "order.origin", origin)).is_import == (origin == "BULK_CREATE")


@pytest.mark.parametrize(
    ("amount", "kept"),
    [(0.1 + 0.2, "0.300"), (21.19, "21.190"), (0, "0.000"), (1.2345, "1.234"), (-3.5, "-3.500"),
     (999999999999.99, "999999999999.990"), (1e-7, "0.000")],
)  # fmt: skip
def test_keeps_money_to_three_decimals(amount: float, kept: str) -> None:
    assert str(snapshots.money(amount)) == kept


@pytest.mark.parametrize(("name", "shown"), [("UHJvZHVjdA==", ""), ("S", "S"), ("", "")])
def test_shows_no_global_id_as_a_variants_name(name: str, shown: str) -> None:
    assert snapshots.shown_variant_name("UHJvZHVjdA==", name) == shown


def test_reads_the_first_of_two_values_of_a_key() -> None:
    said = [SimpleNamespace(key=KEY, value=value) for value in ("no", "yes")]
    assert snapshots.consent(said, KEY) is False


def test_never_makes_up_a_version() -> None:
    content = content_of("ORDER_CREATED-1")
    del content["order"]["updatedAt"]
    with pytest.raises(UnreadableBody, match="updatedAt missing"):
        reading_of(content)

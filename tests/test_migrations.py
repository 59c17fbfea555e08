"""Migrations over rows that are there already."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from saleor_lifecycle.actions import templates
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models import (
    Account,
    Cart,
    Customer,
    EmailClaim,
    Enrollment,
    Identity,
    Installation,
    RescoringPart,
    Template,
    TemplateVersion,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.installations import is_storefront_key
from tests.facts import ADA, account, cart, deletion, tell

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(name: str | None) -> None:
    executor = MigrationExecutor(connection)
    [newest] = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "lifecycle"]
    executor.migrate([("lifecycle", name) if name else newest])


@pytest.fixture(autouse=True)
def _at_the_newest_afterwards() -> Iterator[None]:
    yield
    migrate(None)


def test_those_who_are_there_get_a_storefront_key_each_and_their_carts_a_public_id(now: datetime) -> None:
    shops = []
    for name in ("one", "two"):
        installation_id = register(Registration(f"https://{name}.example.com/graphql/", "QXBwOjE=", "token", {}), now)
        with within(installation_id):
            shops.append(Installation.objects.get())
        tell(shops[-1], [cart(now, "first"), cart(now, "second")], now)
    migrate("0002_record_event")
    migrate(None)
    keys, carts = set(), set()
    for shop in shops:
        with within(shop.pk):
            key = Installation.objects.get().storefront_key
            carts |= set(Cart.objects.values_list("public_id", flat=True))
        assert is_storefront_key(key)
        assert key != shop.storefront_key
        keys.add(key)
    assert (len(keys), len(carts)) == (2, 4)


def test_what_accounts_had_confirmed_is_still_known_when_they_are_deleted(now: datetime) -> None:
    installation_id = register(Registration("https://one.example.com/graphql/", "QXBwOjE=", "token", {}), now)
    with within(installation_id):
        shop = Installation.objects.get()
    tell(shop, [account(now)], now)
    migrate("0004_backfill")
    migrate(None)
    with within(installation_id):
        claim = EmailClaim.objects.get()
        assert (claim.user_id, claim.value()) == (ADA, Identity.objects.get(kind="email").claim())
    tell(shop, [deletion(now)], now)
    with within(installation_id):
        assert Account.objects.get().email == ""
        assert set(Identity.objects.values_list("kind", flat=True)) == {"user", "erased"}


def test_words_that_are_there_are_the_first_versions_of_one_template_a_key(now: datetime) -> None:
    shops = [register(Registration(f"https://{name}.example.com/graphql/", "A", "t", {}), now) for name in "ab"]
    migrate("0013_messages")
    for shop in shops:
        with within(shop), connection.cursor() as cursor:
            for key, language in (("hi", "es"), ("hi", "en"), ("bye", "en")):
                cursor.execute(
                    """
                    INSERT INTO lifecycle_template
                        (installation_id, key, language, subject, mjml, html, text, context, purpose, saved_at)
                    VALUES (%s, %s, %s, %s, 'mjml', 'html', 'text', 'customer', %s, %s)
                    """,
                    [shop, key, language, f"{key} {language} {shop}", "service" if key == "hi" else "commercial", now],
                )
    migrate(None)
    for shop in shops:
        with within(shop):
            rows = Template.objects.order_by("key").values_list("key", "purpose", "context", "created_at")
            assert list(rows) == [("bye", "commercial", "customer", now), ("hi", "service", "customer", now)]
            for key, language, subject in (("hi", "es", "hi es"), ("hi", "en", "hi en"), ("bye", "es", "bye en")):
                found = templates.find(shop, key, language)
                assert found is not None
                assert (found.subject, found.number, found.html) == (f"{subject} {shop}", 1, "html")
            assert TemplateVersion.objects.count() == 3


def test_a_walk_that_is_on_its_way_goes_on_as_one_part(now: datetime) -> None:
    shops = [register(Registration(f"https://{name}.example.com/graphql/", "A", "t", {}), now) for name in "ab"]
    migrate("0019_tracking")
    for shop, due_at in zip(shops, (now, None), strict=True):
        with within(shop), connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO lifecycle_rescoring
                    (installation_id, kind, state, cursor, looked, total, moves, created_at, due_at)
                VALUES (%s, 'policy', 'previewing', 17, 5, 9, '{}', %s, %s)
                """,
                [shop, now, due_at],
            )
    migrate(None)
    with within(shops[0]):
        part = RescoringPart.objects.get()
        assert (part.cursor, part.until, part.due_at, part.rescoring.looked) == (17, 2**62, now, 5)
    with within(shops[1]):
        assert not RescoringPart.objects.exists()


def test_who_is_in_a_flow_stands_before_the_touch_that_was_next(now: datetime) -> None:
    hour = timedelta(hours=1)
    document = {
        "schema_version": 1,
        "trigger": {"kind": "cart_idle", "idle": 1800},
        "topic": "cart",
        "channel": "email",
        "steps": [{"key": f"touch-{n}", "after": n * 3600, "template": f"abandoned-cart-{n}"} for n in (1, 2)],
        "ends": 7 * 86400,
    }
    shop = register(Registration("https://one.example.com/graphql/", "QXBwOjE=", "token", {}), now)
    with within(shop):
        person = Customer.objects.create(installation_id=shop, created_at=now)
    migrate("0023_rescoring_parts")
    with within(shop), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_flowversion (installation_id, flow_id, number, document, published_at)
            SELECT installation_id, id, 9, %s, %s FROM lifecycle_flow WHERE installation_id = %s RETURNING flow_id, id
            """,
            [json.dumps(document), now, shop],
        )
        flow, version = cursor.fetchone()
        for number in range(3):
            cursor.execute(
                """
                INSERT INTO lifecycle_enrollment (installation_id, flow_id, version_id, customer_id, key, state, reason,
                    arm, next_step, last_step_at, entered_at, due_at)
                VALUES (%s, %s, %s, %s, %s, 'waiting', '', '', %s, %s, %s, %s)
                """,
                [shop, flow, version, person.pk, str(number), number, now + hour if number else None, now, now],
            )
    migrate(None)
    with within(shop):
        held = list(Enrollment.objects.select_related("version").order_by("key"))
        assert [one.step for one in held] == ["wait-touch-1", "wait-touch-2", ""]
        assert [one.since for one in held] == [now, now + hour, now + hour]
        assert {one.anchor_at for one in held} == {now}
        assert len({one.public_id for one in held}) == 3
        assert held[0].step in held[0].version.value().steps

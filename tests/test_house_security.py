"""Row-level security stands behind every query, and every table is behind it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from saleor_lifecycle.models import Customer, Event, Installation
from saleor_lifecycle.models.entry import across, within

CLAIMED = {
    "lifecycle_installation": {
        *("id", "public_id", "storefront_key", "saleor_api_url", "app_id", "jwks", "jwks_fetched_at", "state"),
        *("projection_at", "asking_after", "refit_at", "webhooks_due_at", "sending_off_at", "held_at"),
    },
    "lifecycle_event": {"installation_id", "state", "next_attempt_at"},
    "lifecycle_customer": {"installation_id", "due_at"},
    "lifecycle_cart": {"installation_id", "idle_at"},
    "lifecycle_enrollment": {"installation_id", "flow_id", "due_at"},
    "lifecycle_flow": {"id", "installation_id", "is_on", "runs_at"},
    "lifecycle_flowhook": {"installation_id", "public_id"},
    "lifecycle_occasion": {"flow_id", "at"},
    "lifecycle_admission": {"installation_id", "flow_id", "due_at"},
    "lifecycle_flowmove": {"installation_id", "due_at"},
    "lifecycle_message": {"installation_id", "channel", "state", "purpose", "due_at", "public_id"},
    "lifecycle_sendingchannel": {"installation_id", "channel", "off_at", "free_at", "paused_at", "commercial_at"},
    "lifecycle_senderdomain": {"installation_id", "due_at"},
    "lifecycle_deliveryevent": {"installation_id", "due_at"},
    "lifecycle_orderdelivery": {"installation_id", "at", "came_at"},
    "lifecycle_outbox": {"installation_id", "kind", "due_at", "endpoint_id"},
    "lifecycle_webhookendpoint": {"id", "free_at"},
    "lifecycle_backfill": {"installation_id", "due_at"},
    "lifecycle_rescoringpart": {"installation_id", "due_at"},
    "lifecycle_learning": {"installation_id", "due_at"},
    "lifecycle_attributemap": {"installation_id", "due_at"},
    "lifecycle_customerfile": {"installation_id", "due_at"},
    "lifecycle_optin": {"installation_id", "due_at"},
    "lifecycle_incentivesettings": {"installation_id", "due_at"},
}

pytestmark = pytest.mark.django_db(transaction=True)


def read(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables() -> list[str]:
    """Every table that a query may name, by the database's own list; partitions are reached through their parent."""
    return [
        name
        for (name,) in read(
            """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
              AND relname <> 'django_migrations'
            ORDER BY relname
            """
        )
    ]


def event(installation: Installation, now: datetime) -> Event:
    return Event(
        installation=installation, digest=f"of {installation.pk}", name="x", received_at=now, next_attempt_at=now
    )


def test_every_table_forces_it_and_has_a_policy_for_one_installation() -> None:
    rows = read(
        """
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, p.qual, p.with_check, p.roles::text
        FROM pg_class c LEFT JOIN pg_policies p ON p.tablename = c.relname AND p.policyname = 'own'
        WHERE c.relname = ANY(%s)
        """,
        tables(),
    )
    assert len(rows) >= 20
    unguarded = {name for name, is_forced, *_ in rows if not is_forced}
    assert unguarded == set()
    for name, _, seen, accepted, roles in rows:
        key = "id" if name == "lifecycle_installation" else "installation_id"
        rule = f"({key} = (NULLIF(current_setting('app.installation'::text, true), ''::text))::bigint)"
        assert (name, seen, accepted, roles) == (name, rule, rule, "{lifecycle_app}")


def test_no_table_is_open_to_public() -> None:
    assert (
        read(
            "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
            " AND table_schema = 'public'"
        )
        == []
    )


def test_no_partition_can_be_named_past_its_parent() -> None:
    partitions = [name for (name,) in read("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")]
    assert "lifecycle_event_body_default" in partitions
    for role in ("lifecycle_app", "lifecycle_claim"):
        for name in partitions:
            assert read("SELECT has_any_column_privilege(%s, %s, 'SELECT, INSERT, UPDATE')", role, name) == [(False,)]


def test_neither_role_owns_a_table_or_escapes_the_policies() -> None:
    roles = read(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname IN"
        " ('lifecycle_app', 'lifecycle_claim', current_user)"
    )
    assert len(roles) == 3
    assert all((is_super, bypasses) == (False, False) for _, is_super, bypasses in roles)
    owners = {owner for (owner,) in read("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")}
    assert owners.isdisjoint({"lifecycle_app", "lifecycle_claim"})


def test_only_the_own_installation_is_seen(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    for each in (installation, other_installation):
        with within(each.pk):
            event(each, now).save()
    with within(installation.pk):
        assert {one.installation_id for one in Event.objects.all()} == {installation.pk}
        assert [one.pk for one in Installation.objects.all()] == [installation.pk]
        assert Event.objects.filter(installation=other_installation).update(name="taken") == 0
        assert Event.objects.filter(installation=other_installation).delete()[0] == 0
    with within(other_installation.pk):
        assert Event.objects.get().name == "x"


def test_nothing_is_written_for_another_installation(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), within(installation.pk):
        event(other_installation, now).save()
    with within(other_installation.pk):
        assert not Event.objects.exists()


def test_a_row_cannot_be_handed_to_another_installation(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        event(installation, now).save()
    with pytest.raises(ProgrammingError, match="row-level security"), within(installation.pk):
        Event.objects.update(installation=other_installation)
    with within(installation.pk):
        assert Event.objects.count() == 1


def test_nothing_is_seen_or_written_outside_the_entry(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        event(installation, now).save()
    assert not Installation.objects.exists()
    assert not Event.objects.exists()
    with pytest.raises(ProgrammingError, match="row-level security"):
        event(installation, now).save()


def test_the_entry_ends_with_its_transaction(installation: Installation) -> None:
    with within(installation.pk):
        assert read("SELECT current_user") == [("lifecycle_app",)]
    assert read("SELECT current_user, NULLIF(current_setting('app.installation', true), '')") != [
        ("lifecycle_app", str(installation.pk))
    ]
    assert not Installation.objects.exists()


def test_the_claim_reads_where_work_waits_and_no_other_column(
    install: Callable[[str], Installation], now: datetime
) -> None:
    shops = [install(f"shop{number}.example.com") for number in range(2)]
    with across():
        found = dict(Installation.objects.values_list("id", "saleor_api_url"))
    assert found == {shop.pk: shop.saleor_api_url for shop in shops}
    granted = read(
        """
        SELECT c.relname, array_agg(a.attname::text)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relname = ANY(%s) AND has_column_privilege('lifecycle_claim', c.oid, a.attnum, 'SELECT')
        GROUP BY 1
        """,
        tables(),
    )
    assert {name: set(columns) for name, columns in granted} == CLAIMED


@pytest.mark.parametrize(
    "query",
    [
        "SELECT token FROM lifecycle_installation",
        "SELECT * FROM lifecycle_customer",
        "SELECT value FROM lifecycle_identity",
        "SELECT body FROM lifecycle_event_body",
        "UPDATE lifecycle_installation SET state = 'removed'",
        "UPDATE lifecycle_message SET due_at = NULL",
        "DELETE FROM lifecycle_event",
        "INSERT INTO lifecycle_installation (id) VALUES (1)",
    ],
)
def test_the_claim_is_refused(installation: Installation, query: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), across():
        read(query)
    with within(installation.pk):
        assert Installation.objects.get().state == Installation.State.ACTIVE


def test_what_is_immutable_may_not_be_changed(installation: Installation) -> None:
    names = ("policyversion", "flowversion", "phasechange", "fit", "templateversion")
    for table in (f"lifecycle_{name}" for name in names):
        with pytest.raises(ProgrammingError, match="permission denied"), within(installation.pk):
            read(f"UPDATE {table} SET id = id")
    with within(installation.pk):
        assert installation.policy_id is not None
        assert not Customer.objects.exists()


def test_an_entry_inside_a_transaction_of_ones_own_still_shows_one_installation(
    installation: Installation, other_installation: Installation
) -> None:
    with transaction.atomic():
        with within(installation.pk):
            first = list(Installation.objects.values_list("pk", flat=True))
        with within(other_installation.pk):
            second = list(Installation.objects.values_list("pk", flat=True))
    assert (first, second) == ([installation.pk], [other_installation.pk])

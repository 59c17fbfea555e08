import csv
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.actions import consent, suppressions
from saleor_lifecycle.actions.suppressions import Entry, Named
from saleor_lifecycle.domain.suppressions import REASONS
from saleor_lifecycle.models import Customer, Installation, Message, Outbox, Suppression, SuppressionLift
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import suppressions as files
from tests.facts import account, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ADDRESS = "ada@example.com"
STAFF = "VXNlcjoyMQ=="


def held(shop: Installation) -> dict[str, tuple[str, datetime]]:
    with within(shop.pk):
        return {row.address_hash: (row.reason, row.at) for row in Suppression.objects.all()}


def hashed(shop: Installation, address: str = ADDRESS) -> str:
    return consent.address_hash(shop, "email", address)


def queue(shop: Installation, now: datetime, **values: Any) -> Message:
    """Queue a message for Ada, as a flow does."""
    with within(shop.pk):
        return Message.objects.create(
            **{
                "installation": shop,
                "customer": Customer.objects.filter(merged_into=None).first(),
                "key": f"a message {Message.objects.count()}",
                "template": "hello",
                "topic": "news",
                "channel": "email",
                "purpose": "commercial",
                "queued_at": now,
                "due_at": now,
                **values,
            }
        )


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    tell(installation, [account(now - DAY, email=ADDRESS, consent=True)], now)
    return installation


def test_the_heaviest_reason_stays_in_any_order(shop: Installation, now: datetime) -> None:
    order = random.Random(5)
    for number in range(20):
        said = [Entry(f"{number}", reason, now + place * DAY) for place, reason in enumerate(REASONS)]
        order.shuffle(said)
        with within(shop.pk):
            for entry in said:
                suppressions.add(shop.pk, "email", [entry])
        assert held(shop)[f"{number}"] == ("complained", now + 4 * DAY)


def test_of_one_call_the_heaviest_counts_and_what_is_not_new_is_not_returned(shop: Installation, now: datetime) -> None:
    entries = [Entry("a", reason, now) for reason in REASONS]
    with within(shop.pk):
        assert suppressions.add(shop.pk, "email", entries) == [entries[-1]]
        assert suppressions.add(shop.pk, "email", [*entries, Entry("", "manual", now)]) == []
    assert held(shop) == {"a": ("complained", now)}


@pytest.mark.parametrize(
    ("reason", "purpose", "state"),
    [
        ("unsubscribed", "commercial", "skipped"),
        ("unsubscribed", "service", "queued"),
        ("manual", "commercial", "skipped"),
        ("manual", "service", "queued"),
        ("complained", "commercial", "skipped"),
        ("complained", "service", "skipped"),
    ],
)
def test_what_is_queued_for_its_person_ends(
    reason: str, purpose: str, state: str, shop: Installation, now: datetime
) -> None:
    queue(shop, now, purpose=purpose)
    other = queue(shop, now, purpose=purpose, channel="sms")
    with within(shop.pk):
        suppressions.suppress_named(shop, "email", [Named(ADDRESS, "", reason, now)], now)
        assert Message.objects.exclude(pk=other.pk).get().state == state
        assert Message.objects.get(pk=other.pk).state == "queued", "another channel's"
        [told] = Outbox.objects.filter(kind="webhook")
        assert (told.written["event"], told.written["reason"]) == ("address.suppressed", reason)


def test_a_bounce_ends_what_is_queued_for_the_address_and_leaves_the_person_another(
    shop: Installation, now: datetime
) -> None:
    there = queue(shop, now, purpose="service", address_hash=hashed(shop))
    elsewhere = queue(shop, now, address_hash=hashed(shop, "ada@work.example.com"))
    with within(shop.pk):
        consent.suppress(there, "bounced", now)
        states = dict(Message.objects.values_list("id", "state"))
    assert states == {there.pk: "skipped", elsewhere.pk: "queued"}


@pytest.mark.parametrize("reason", REASONS)
def test_staff_lift_what_nobody_else_decided_and_are_named(reason: str, shop: Installation, now: datetime) -> None:
    may = reason in ("unsubscribed", "manual", "soft_bounces")
    with within(shop.pk):
        suppressions.add(shop.pk, "email", [Entry("a", reason, now - DAY)])
        assert suppressions.lift(shop, "email", "a", STAFF, "they asked by phone", now) is may
        assert suppressions.lift(shop, "email", "b", STAFF, "nobody", now) is None
        rows = [(row.reason, row.lifted_by, row.suppressed_at) for row in SuppressionLift.objects.all()]
    assert rows == ([(reason, STAFF, now - DAY)] if may else [])
    assert held(shop) == ({} if may else {"a": (reason, now - DAY)})


def take_in(shop: Installation, text: str, now: datetime) -> files.Taken:
    return files.take_in(shop.pk, text.splitlines(keepends=True), "email", now)


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("with a header", "email,reason,date\nAda@Example.com,Hard bounce,2026-01-02T03:04:05Z\n"),
        ("semicolons, another order", "date;type;correo\n2026-01-02T03:04:05+00:00;bounced; ada@example.com \n"),
        ("no header", "ada@example.com,bounced,2026-01-02 03:04:05\n"),
        ("a byte-order mark", "\ufeffEmail\treason\tcreated\nada@example.com\tinvalid\t2026-01-02T03:04:05\n"),
        ("twice: the heavier", "email,reason,date\nada@example.com,baja,\nada@example.com,bounce,2026-01-02T03:04:05"),
    ],
)
def test_files_of_other_services_are_read(case: str, text: str, shop: Installation, now: datetime) -> None:
    taken = take_in(shop, text, now)
    assert (taken.new, taken.unread) == (1, 0), case
    assert held(shop) == {hashed(shop): ("bounced", datetime.fromisoformat("2026-01-02T03:04:05Z"))}, case


def test_no_no_is_lost_for_what_else_a_line_says_badly(shop: Installation, now: datetime) -> None:
    queue(shop, now)
    taken = take_in(shop, "email,reason,date\nada@example.com,gossip,yesterday\nnobody,,\n,,\ngrace@localhost\n", now)
    assert (taken.lines, taken.new, taken.unread_lines) == (3, 2, [3])
    assert held(shop) == {hashed(shop): ("manual", now), hashed(shop, "grace@localhost"): ("manual", now)}
    with within(shop.pk):
        assert Message.objects.get().state == "skipped"


def test_an_import_takes_nothing_off_nor_makes_it_milder_and_may_run_again(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        suppressions.add(shop.pk, "email", [Entry(hashed(shop), "complained", now), Entry("b" * 64, "manual", now)])
    before = held(shop)
    for _ in range(2):
        take_in(shop, "email,reason\nada@example.com,unsubscribed\n", now + DAY)
        assert held(shop) == before


def test_what_goes_out_comes_in_again_and_names_only_whom_we_hold(
    shop: Installation, other_installation: Installation, now: datetime, tmp_path: Path
) -> None:
    names = [Named(ADDRESS, "", "bounced", now - DAY), Named("stranger@example.com", "", "unsubscribed", now)]
    with within(shop.pk):
        suppressions.suppress_named(shop, "email", names, now)
    with within(other_installation.pk):
        suppressions.add(other_installation.pk, "email", [Entry("c" * 64, "manual", now)])
    path = tmp_path / "list.csv"
    call_command("suppressions", "export", shop.saleor_api_url, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["reason"])
    assert path.stat().st_mode & 0o077 == 0
    assert [(row["address"], row["address_hash"], row["reason"]) for row in rows] == [
        (ADDRESS, hashed(shop), "bounced"),
        ("", hashed(shop, "stranger@example.com"), "unsubscribed"),
    ]
    before = held(shop)
    with within(shop.pk):
        Suppression.objects.all().delete()
    call_command("suppressions", "import", shop.saleor_api_url, path)
    assert held(shop) == before


def test_the_command_wants_a_shop_that_there_is(shop: Installation, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name one of the installed shops"):
        call_command("suppressions", "import", "https://nowhere.example", tmp_path / "list.csv")
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("suppressions", "import", shop.saleor_api_url, tmp_path / "missing.csv")
    assert held(shop) == {}

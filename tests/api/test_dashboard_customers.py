from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.models import Customer, Enrollment, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.tokens import DashboardToken
from saleor_lifecycle.tasks import customers as moves
from saleor_lifecycle.tasks import flows as passages
from tests.api.conftest import EVERYTHING, Ask
from tests.facts import ADA, GRACE, account, cart, deletion, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
FIELDS = """ phase phaseSince why { reason orders lastOrderAt cartOpenUntil score } next { trigger phase at }
    score { value part band bandUntil parts { kind points } } orders lastOrderAt spent { amount currency }
    lossAt lossRung consent activities { kind at reference money { amount currency } }
    phaseChanges { before after cause reason at } """


def customer(ask: Ask, fields: str = FIELDS, user: str = ADA, **more: Any) -> dict[str, Any] | None:
    answer: dict[str, Any] | None = ask(
        f"query ($user: ID!) {{ customer(userId: $user) {{ {fields} }} }}", user=user, **more
    )["customer"]
    return answer


def test_nobody_is_known_by_a_strange_id(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    tell(other_installation, [account(now)], now)
    for strange in (ADA, "", "ada@example.com", "x" * 5000, "'; --"):
        assert customer(ask, user=strange) is None
    assert customer(ask, "phase", of=other_installation) == {"phase": "EDUCATION"}


def test_a_new_account(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, joined=now)], now)
    shown = customer(ask)
    assert shown is not None
    assert shown.pop("score") == {
        "value": 16,  # 4 of 4 + 20
        "part": "BEFORE_BUYING",
        "band": "COLD",
        "bandUntil": None,
        "parts": [{"kind": "ACCOUNT", "points": 4.0}],
    }
    assert shown == {
        "phase": "EDUCATION",
        "phaseSince": now.isoformat(),
        "why": {"reason": "NO_INTEREST_YET", "orders": 0, "lastOrderAt": None, "cartOpenUntil": None, "score": 16},
        "next": [
            {"trigger": "ORDER", "phase": "RETENTION", "at": None},
            {"trigger": "CART", "phase": "SALES", "at": None},
        ],
        "orders": 0,
        "lastOrderAt": None,
        "spent": [],
        "lossAt": None,
        "lossRung": "",
        "consent": "NONE",
        "activities": [{"kind": "ACCOUNT", "at": now.isoformat(), "reference": "", "money": None}],
        "phaseChanges": [
            {
                "before": None,
                "after": "EDUCATION",
                "cause": "BEHAVIOUR",
                "reason": "NO_INTEREST_YET",
                "at": now.isoformat(),
            }
        ],
    }


def test_a_buyer(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, joined=now - DAY), order(now)], now)
    shown = customer(ask)
    assert shown is not None
    lost = (now + 180 * DAY).isoformat()
    assert (shown["phase"], shown["why"]["reason"], shown["why"]["orders"]) == ("RETENTION", "ORDERED", 1)
    assert (shown["lossAt"], shown["lossRung"]) == (lost, "fixed-40-90-180")
    assert shown["next"] == [{"trigger": "TIME", "phase": "LOSS", "at": lost}]
    assert shown["spent"] == [{"amount": "20.000", "currency": "EUR"}]
    assert (shown["score"]["part"], shown["score"]["value"], shown["score"]["band"]) == ("AS_CUSTOMER", 60, "HOT")
    assert shown["activities"][0] == {
        "kind": "ORDER",
        "at": now.isoformat(),
        "reference": "1",
        "money": {"amount": "20.000", "currency": "EUR"},
    }


def test_what_time_has_changed_shows_before_it_is_written_down(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now), cart(now)], now)
    until = now + 30 * DAY
    fields = "phase phaseSince why { reason cartOpenUntil } next { trigger at }"
    before = customer(ask, fields, at=until - SECOND)
    assert before is not None
    assert (before["phase"], before["phaseSince"]) == ("SALES", now.isoformat())
    assert before["why"] == {"reason": "OPEN_CART", "cartOpenUntil": until.isoformat()}
    assert before["next"][0] == {"trigger": "TIME", "at": until.isoformat()}
    lapsed = customer(ask, fields, at=until)
    assert lapsed is not None
    assert (lapsed["phase"], lapsed["phaseSince"]) == ("EDUCATION", None)
    assert lapsed["why"] == {"reason": "NO_INTEREST_YET", "cartOpenUntil": None}
    moves.run(installation.pk, until)
    written = customer(ask, fields, at=until)
    assert written == {**lapsed, "phaseSince": until.isoformat()}


@pytest.mark.parametrize(("word", "state"), [(True, "GRANTED"), (False, "REFUSED"), (None, "NONE")])
def test_consent_is_what_a_cart_mail_would_go_by(
    ask: Ask, installation: Installation, now: datetime, word: bool | None, state: str
) -> None:
    tell(installation, [account(now, consent=word)], now)
    assert customer(ask, "consent") == {"consent": state}


def test_the_history_is_told_newest_first_and_names_nothing_secret(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    back = replace(order(now - 3 * DAY, "T3JkZXI6Mg=="), number="2", charged=Decimal(0), refunded=Decimal(20))
    unpaid = replace(order(now - 2 * DAY, "T3JkZXI6Mw==", paid=False), number="3")
    tell(installation, [account(now - 9 * DAY, joined=now - 9 * DAY), back, unpaid, cart(now)], now)
    passages.run(installation.pk, now + HOUR)
    with within(installation.pk):
        Message.objects.update(state="sent", settled_at=now + HOUR)
    shown = customer(ask, "activities { kind at reference }", at=now + HOUR)
    assert shown is not None
    assert [(one["kind"], one["reference"], datetime.fromisoformat(one["at"])) for one in shown["activities"]] == [
        ("MESSAGE", "touch-1", now + HOUR),
        ("CART", "", now),
        ("RETURN", "2", now - 3 * DAY),
        ("ORDER", "2", now - 3 * DAY),
        ("ACCOUNT", "", now - 9 * DAY),
    ]


def test_only_messages_that_left_are_told_of(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), cart(now)], now)
    passages.run(installation.pk, now + HOUR)
    with within(installation.pk):
        assert Enrollment.objects.filter(messages__state="queued").count() == 1
    shown = customer(ask, "activities { kind }", at=now + HOUR)
    assert shown is not None
    assert "MESSAGE" not in [one["kind"] for one in shown["activities"]]


@pytest.mark.parametrize("field", ["activities", "phaseChanges"])
def test_as_many_rows_come_as_are_asked_for(ask: Ask, installation: Installation, now: datetime, field: str) -> None:
    tell(installation, [account(now - 5 * DAY)], now - 5 * DAY)
    tell(installation, [cart(now - 2 * DAY)], now - 2 * DAY)
    tell(installation, [order(now)], now)
    shown = customer(ask, f"some: {field}(first: 2) {{ at }} all: {field} {{ at }}")
    assert shown is not None
    assert len(shown["all"]) == 3
    assert shown["some"] == shown["all"][:2]
    assert shown["all"] == sorted(shown["all"], key=lambda row: row["at"], reverse=True)


def test_the_history_goes_back_to_its_beginning_page_by_page(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now - 5 * DAY, joined=now - 5 * DAY)], now - 5 * DAY)
    for at in (now - 4 * DAY, now - 4 * DAY, now):  # two at one moment
        tell(installation, [order(at) if at == now else cart(at, lines=())], at)
    with within(installation.pk):
        person = Customer.objects.get(merged_into=None)
        for after in ("sales", "education"):
            person.phase_changes.create(
                installation=installation, before="sales", after=after, cause="time", reason="engaged", at=now - 4 * DAY
            )
    seen, after = [], None
    while page := (customer(ask, f"phaseChanges(first: 1 {after or ''}) {{ after at cursor }}") or {})["phaseChanges"]:
        seen.append((page[0]["after"], datetime.fromisoformat(page[0]["at"])))
        after = f'after: "{page[0]["cursor"]}"'
    assert seen == [
        ("RETENTION", now),
        ("EDUCATION", now - 4 * DAY),
        ("SALES", now - 4 * DAY),
        ("EDUCATION", now - 5 * DAY),
    ]


@pytest.mark.parametrize("cursor", ["", "x", "2026-03-11 1", "2026-03-11T12:00:00+00:00 x"])
def test_no_history_is_answered_after_what_is_no_cursor(installation: Installation, now: datetime, cursor: str) -> None:
    tell(installation, [account(now)], now)
    question = f'{{ customer(userId: "{ADA}") {{ phaseChanges(after: "{cursor}") {{ at }} }} }}'
    context = Context(installation.pk, DashboardToken("x", "", EVERYTHING), now)
    result = schema.execute_sync(question, context_value=context)
    assert [error.extensions for error in result.errors or ()] == [{"code": "INVALID"}]


@pytest.mark.parametrize(
    ("language", "said", "moved"),
    [
        ("en", "In retention phase since March 11: 1 order, on March 11.", "March 11: first seen, in retention phase,"),
        (
            "es",
            "En fase de retención desde el 11 de marzo: 1 pedido, el 11 de marzo.",
            "11 de marzo: aparece por primera vez, en fase de retención,",
        ),
    ],
)
def test_why_is_said_in_words(
    ask: Ask, installation: Installation, now: datetime, language: str, said: str, moved: str
) -> None:
    tell(installation, [account(now), order(now)], now)
    shown = customer(
        ask,
        f'why {{ rung silenceDays words(language: "{language}") }} phaseChanges {{ words(language: "{language}") }}',
    )
    assert shown is not None
    assert shown["why"].pop("words").startswith(said)
    assert shown["why"] == {"rung": "fixed-40-90-180", "silenceDays": 180}
    assert shown["phaseChanges"][0]["words"].startswith(moved)


@pytest.mark.parametrize("first", [0, -1, 101])
@pytest.mark.parametrize("field", ["activities { at }", "phaseChanges { at }"])
def test_more_rows_than_a_page_has_are_refused(
    installation: Installation, now: datetime, field: str, first: int
) -> None:
    tell(installation, [account(now)], now)
    question = f'{{ customer(userId: "{ADA}") {{ {field.replace(" ", f"(first: {first}) ", 1)} }} }}'
    context = Context(installation.pk, DashboardToken("x", "", EVERYTHING), now)
    result = schema.execute_sync(question, context_value=context)
    assert [error.extensions for error in result.errors or ()] == [{"code": "INVALID"}]


def test_a_deleted_account_is_told_of_without_its_activities(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now - DAY)], now - DAY)
    tell(installation, [deletion(now)], now)
    assert customer(ask, "phase activities { kind }") == {"phase": "EDUCATION", "activities": []}


def test_one_who_turned_out_to_be_another_is_found_by_the_account(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [order(now - DAY, user=None)], now - DAY)
    tell(installation, [account(now)], now)
    shown = customer(ask, "id phase orders")
    assert shown is not None
    assert (shown["phase"], shown["orders"]) == ("RETENTION", 1)
    with within(installation.pk):
        assert shown["id"] == str(Customer.objects.get(merged_into=None).public_id)


def test_what_is_asked_of_the_database_does_not_grow_with_the_history(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now), account(now, GRACE, "grace@example.com"), order(now, "T3JkZXI6MA==")], now)
    for number in range(30):
        at = now + number * HOUR
        tell(installation, [order(at, f"T3JkZXI6{number}x", GRACE), cart(at, f"{number}", GRACE)], at)
    counts = []
    for user in (ADA, GRACE):
        with CaptureQueriesContext(connection) as queries:
            customer(ask, user=user, at=now + 2 * DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]

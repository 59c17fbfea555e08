import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from saleor_lifecycle.actions import consent, customers
from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.actions.file_import import import_block
from saleor_lifecycle.domain.consent import basis as domain_basis
from saleor_lifecycle.domain.file_columns import guess
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.values import Attribute, Type
from saleor_lifecycle.models import (
    Consent,
    Customer,
    CustomerFile,
    CustomerFileLine,
    CustomerFileRow,
    Enrollment,
    FileEntry,
    Identity,
    Installation,
    PhaseChange,
    Suppression,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customer_files as task
from saleor_lifecycle.tasks import upkeep
from saleor_lifecycle.tasks.nudge import CUSTOMER_FILES
from saleor_lifecycle.tasks.refused_lines import refused_lines
from saleor_lifecycle.tasks.sweep import due
from tests.facts import ADA, account, deletion, order, tell

pytestmark = pytest.mark.django_db

HEADER = "Email,First Name,Email Marketing Consent,Consent Timestamp,Source\n"
DAY = timedelta(days=1)


def handed_in(installation: Installation, text: str, now: datetime, header: str = HEADER) -> UUID:
    """Hand in a file in small pieces."""
    body = (header + text).encode()
    pieces = (body[place : place + 50] for place in range(0, len(body), 50))
    return task.upload(installation.pk, "klaviyo.csv", pieces, now)


def done(installation: Installation, now: datetime) -> None:
    while task.work(installation.pk, 60, clock=lambda: now):
        pass


def read(installation: Installation, text: str, now: datetime, header: str = HEADER, **changes: Any) -> CustomerFile:
    """Hand in a file and have it read by the guessed mapping, with changes."""
    public_id = handed_in(installation, text, now, header)
    with within(installation.pk):
        file = files.find(public_id)
        assert file
        guessed = guess(file.columns, files.sample(file, 10))
        assert guessed
        files.read_by(file, replace(guessed, **changes), now)
    done(installation, now)
    return found(installation, public_id)


def found(installation: Installation, public_id: UUID) -> CustomerFile:
    with within(installation.pk):
        file = files.find(public_id)
        assert file
        return file


def imported(
    installation: Installation, text: str, now: datetime, header: str = HEADER, **changes: Any
) -> CustomerFile:
    file = read(installation, text, now, header, **changes)
    with within(installation.pk):
        files.start(file, now)
    done(installation, now)
    return found(installation, file.public_id)


def said(installation: Installation) -> dict[str, tuple[bool, datetime]]:
    """What imported files said, by e-mail."""
    with within(installation.pk):
        rows = Consent.objects.filter(source="import").select_related("identity")
        return {row.identity.value: (row.is_granted, row.at) for row in rows}


def test_a_subscriber_becomes_a_customer_with_consent(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    file = imported(installation, "Eva@Example.com,Eva,SUBSCRIBED,2024-05-01 10:00:00,footer form\n", now)
    assert (file.state, file.done, file.lines) == ("done", 1, 1)
    assert said(installation) == {"eva@example.com": (True, datetime(2024, 5, 1, 10, tzinfo=UTC))}
    with within(installation.pk):
        email = Identity.objects.select_related("customer").get(value="eva@example.com")
        assert email.customer
        assert (email.customer.phase, email.customer.phase_since) == ("education", now)
        assert Consent.objects.get().evidence == "klaviyo.csv, 2, footer form"
        assert FileEntry.objects.get().first_name == "Eva"
        assert [change.cause for change in PhaseChange.objects.all()] == ["import"]
        assert not Enrollment.objects.exists()
        assert not CustomerFileLine.objects.exists(), "they are not needed any more"
        assert not CustomerFileRow.objects.exists()
    with within(other_installation.pk):
        assert not Customer.objects.exists()
        assert files.find(file.public_id) is None


YES = "{email},Eva,SUBSCRIBED,{date},footer form\n"
NO = "{email},Eva,UNSUBSCRIBED,{date},\n"
EVA = "eva@example.com"


def yes(date: str = "2024-05-01", email: str = EVA) -> str:
    return YES.format(email=email, date=date)


def no(date: str = "2024-05-01", email: str = EVA) -> str:
    return NO.format(email=email, date=date)


def basis(installation: Installation, email: str = EVA) -> str:
    """What all that was said about an e-mail's person gives together."""
    with within(installation.pk):
        rows = Consent.objects.filter(identity__customer__identities__value=email)
        return domain_basis(row.value() for row in rows).value


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.mark.parametrize("lines", [yes() + no("2020-01-01"), no("2020-01-01") + yes()])
def test_of_an_address_that_is_there_twice_the_strictest_counts(
    installation: Installation, now: datetime, lines: str
) -> None:
    file = imported(installation, lines, now)
    assert said(installation) == {EVA: (False, at("2020-01-01"))}
    assert (file.counts["people"], file.counts["repeated"], file.counts["no"], file.counts["yes"]) == (1, 1, 1, 0)


def test_no_file_turns_a_no_into_a_yes(installation: Installation, now: datetime) -> None:
    imported(installation, no("2024-05-01"), now)
    file = imported(installation, yes("2025-05-01"), now)
    assert (file.counts["yes"], file.counts["stays_no"]) == (0, 1)
    assert said(installation) == {EVA: (False, at("2024-05-01"))}
    imported(installation, yes("2025-05-01", "ada@example.com"), now)
    imported(installation, no("2024-05-01", "ada@example.com"), now)
    assert basis(installation, "ada@example.com") == "refused", "whichever came first"


def test_a_no_here_stays_a_no(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, email=EVA, consent=False)], now)
    file = imported(installation, yes(), now)
    assert (file.counts["known"], file.counts["new"], file.counts["stays_no"]) == (1, 0, 1)
    assert basis(installation) == "refused"


def test_a_suppressed_address_stays_suppressed(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        hashed = consent.address_hash(installation, "email", EVA)
        Suppression.objects.create(
            installation=installation, channel="email", address_hash=hashed, reason="bounced", at=now
        )
    file = imported(installation, yes(), now)
    assert (file.counts["yes"], file.counts["stays_no"]) == (0, 1)
    with within(installation.pk):
        assert Suppression.objects.get().reason == "bounced"


def test_a_word_in_the_storefront_is_newer_than_an_old_no(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, email=EVA)], now)
    imported(installation, no("2024-05-01"), now)
    with within(installation.pk):
        word = consent.Word(True, ("",), "email", "a form of ours")
        consent.say(installation, ADA, word, now)
    assert basis(installation) == "granted"
    imported(installation, no((now + timedelta(minutes=1)).isoformat()), now + DAY)
    assert basis(installation) == "refused"


def test_the_history_of_somebody_known_stays(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now - DAY, user=None, email=EVA)], now - DAY)
    imported(installation, yes(), now)
    with within(installation.pk):
        customer = Customer.objects.get()
        assert (customer.phase, customer.orders) == ("retention", 1)
    assert basis(installation) == "granted"


def test_nothing_is_written_before_the_import(installation: Installation, now: datetime) -> None:
    file = read(installation, yes() + no(email="ada@example.com") + "nobody,,,,\n", now)
    assert (file.state, file.done) == ("ready", 3)
    assert file.counts == {
        "people": 2,
        "new": 2,
        "known": 0,
        "yes": 1,
        "no": 1,
        "without": 0,
        "stays_no": 0,
        "repeated": 0,
        "values_left_out": 0,
        "refused": {"invalid_email": 1},
    }
    with within(installation.pk):
        assert not Customer.objects.exists()
        assert not Consent.objects.exists()


def test_another_mapping_counts_anew(installation: Installation, now: datetime) -> None:
    file = read(installation, "eva@example.com,Eva,SUBSCRIBED,,\n", now)
    assert file.counts["refused"] == {"no_proof": 1}
    with within(installation.pk):
        mapping = files.reader(file, installation).mapping
        files.read_by(file, replace(mapping, date="2024-05-01", source="Klaviyo"), now)
    done(installation, now)
    counts = found(installation, file.public_id).counts
    assert (counts["yes"], counts["refused"]) == (1, {})


def test_an_import_needs_a_read_file(installation: Installation, now: datetime) -> None:
    public_id = handed_in(installation, yes(), now)
    with within(installation.pk):
        file = files.find(public_id)
        assert file
        with pytest.raises(files.NotNow):
            files.start(file, now)
    done(installation, now)
    assert found(installation, public_id).state == "uploaded"


def test_what_was_refused_is_told_line_by_line_and_runs_in_no_spreadsheet(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    lines = yes() + '=cmd|x,Eva,,,\n"never closed,,,,\neva2@example.com,"two\nlines",,,,,too many\n'
    file = imported(installation, lines, now)
    rows = list(csv.reader(io.StringIO("".join(refused_lines(installation.pk, file.public_id)))))
    assert [row[:2] for row in rows[1:]] == [["3", "invalid_email"], ["4", "unreadable"], ["5", "wrong_columns"]]
    assert rows[1][3] == "no es una dirección de correo"
    assert rows[1][4:] == ["'=cmd|x", "Eva", "", "", ""]
    assert rows[2][4:] == ['"never closed,,,,']
    with within(installation.pk):
        assert Customer.objects.count() == 1
        assert CustomerFileLine.objects.count() == 3


def test_a_file_without_header_is_read(installation: Installation, now: datetime) -> None:
    file = read(installation, "Eva;eva@example.com\nAda;ada@example.com\n", now, header="")
    assert (file.columns, file.lines, file.counts["people"]) == (["1", "2"], 2, 2)


def test_a_killed_worker_costs_nothing(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lines a block; after each block, and in the middle of each, the worker dies."""
    lines = "".join(yes(email=f"eva{number}@example.com") for number in range(7)) + no(email="eva3@example.com")
    monkeypatch.setattr("saleor_lifecycle.actions.file_reading.BLOCK", 2)
    monkeypatch.setattr("saleor_lifecycle.actions.file_import.BLOCK", 2)
    public_id = handed_in(installation, lines, now)
    with within(installation.pk):
        file = files.find(public_id)
        assert file
        mapping = guess(file.columns, files.sample(file, 10))
        assert mapping
        files.read_by(file, mapping, now)
    clock = _dying(installation, now)
    with within(installation.pk):
        file = files.find(public_id)
        assert file
        assert (file.state, file.counts["people"], file.counts["repeated"]) == ("ready", 7, 1)
        files.start(file, clock)
    _dying(installation, clock)
    assert found(installation, public_id).done == 8
    assert {email: granted for email, (granted, _) in said(installation).items()} == {
        f"eva{number}@example.com": number != 3 for number in range(7)
    }
    with within(installation.pk):
        assert Customer.objects.count() == PhaseChange.objects.count() == 7
        assert not CustomerFileLine.objects.exists()


class Killed(Exception):
    pass


def _dying(installation: Installation, now: datetime) -> datetime:
    """Work with workers that die at every other step; return the time at the end."""
    moments = [now + number * files.LEASE for number in range(40)]  # a dead worker's lease is over at the next
    for number, moment in enumerate(moments):
        with pytest.MonkeyPatch.context() as patch, suppress(Killed):
            if number % 2 == 0:
                # The last statement of a block, before its transaction ends.
                patch.setattr(files, "go_on", _killed)
                patch.setattr(files, "settle", _killed)
            task.work(installation.pk, 0, clock=iter([moment] * 9).__next__)
    return moments[-1] + files.LEASE


def _killed(*_: object) -> None:
    raise Killed


def test_whoever_was_overtaken_writes_nothing(installation: Installation, now: datetime) -> None:
    file = read(installation, yes(), now)
    with within(installation.pk):
        files.start(file, now)
    with within(installation.pk):
        held = files.claim(installation.pk, now)
        assert files.claim(installation.pk, now) is None, "somebody is at it"
    with within(installation.pk):
        later = files.claim(installation.pk, now + files.LEASE)
    assert held
    assert later
    with pytest.raises(files.Overtaken), within(installation.pk):
        import_block(held, Installation.objects.select_related("policy").get(pk=installation.pk), now)
    with within(installation.pk):
        assert not Customer.objects.exists()


def test_whom_the_shop_erased_does_not_come_back(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 2 * DAY, email=EVA), deletion(now - DAY, email=EVA)], now)
    file = imported(installation, yes() + yes((now - timedelta(hours=1)).isoformat(), "ada@example.com"), now)
    assert file.counts["refused"] == {"erased": 1}
    assert list(said(installation)) == ["ada@example.com"]


def test_a_no_from_a_file_outlives_the_erasure(installation: Installation, now: datetime) -> None:
    imported(installation, no(), now - 2 * DAY)
    tell(installation, [account(now - 2 * DAY, email=EVA), deletion(now, email=EVA)], now)
    with within(installation.pk):
        assert Suppression.objects.get().reason == "unsubscribed"
        assert not FileEntry.objects.exists()
        assert not Identity.objects.filter(value=EVA).exists()


def test_whom_the_shop_erased_since_the_file_was_read_does_not_come_back(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now - DAY, email=EVA)], now)
    file = read(installation, yes() + yes(email="ada@example.com"), now)
    tell(installation, [deletion(now, email=EVA)], now)
    with within(installation.pk):
        files.start(file, now)
    done(installation, now)
    assert list(said(installation)) == ["ada@example.com"]
    with within(installation.pk):
        assert not Identity.objects.filter(value=EVA).exists()
        assert [(row.email, row.reason) for row in CustomerFileRow.objects.all()] == [(EVA, "erased")]
    assert found(installation, file.public_id).state == "done"


OTHERS = [
    "ada@example.com",
    "maria.eva@example.com",
    "nieva@example.com",
    "eva@example.com.mx",
    "eva@example.community",
]


def test_waiting_and_refused_lines_of_the_erased_go_within_the_hour(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, email=EVA)], now)
    read(installation, yes() + "".join(yes(email=email) for email in OTHERS), now)
    tell(installation, [deletion(now, email=EVA)], now)
    upkeep.erase_bodies(installation.pk, now)
    with within(installation.pk):
        assert [line.fields[0] for line in CustomerFileLine.objects.order_by("number")] == OTHERS
        assert [row.email for row in CustomerFileRow.objects.order_by("number")] == OTHERS


@pytest.mark.parametrize(
    "said",
    [
        "<eva@example.com>",
        "Ask EVA@example.com.",
        "eva@example.com, or her sister",
        "VXNlcjox",
        "a%b (eva@example.com)",
    ],
)
def test_the_erased_are_found_among_other_words(installation: Installation, now: datetime, said: str) -> None:
    handed_in(installation, f'ada@example.com,"{said}",,,\n', now)
    with within(installation.pk):
        files.forget(installation.pk, ["VXNlcjox", EVA, "a+b(c"])
        assert not CustomerFileLine.objects.exists()


def test_a_file_goes_after_a_month(installation: Installation, now: datetime) -> None:
    read(installation, yes(), now)
    with within(installation.pk):
        files.drop_old(installation.pk, now + files.FILES_STAY)
        assert CustomerFile.objects.exists()
        files.drop_old(installation.pk, now + files.FILES_STAY + timedelta(seconds=1))
        assert not CustomerFile.objects.exists()
        assert not CustomerFileLine.objects.exists()
        assert not CustomerFileRow.objects.exists()


@pytest.mark.parametrize(("body", "error"), [(b"", task.Empty), (b"email\n" + b"x\n" * 30, task.TooLarge)])
def test_what_cannot_be_taken_leaves_nothing(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch, body: bytes, error: type[Exception]
) -> None:
    monkeypatch.setattr(task, "LARGEST", 50)
    monkeypatch.setattr(task, "LINES", 1)
    with pytest.raises(error):
        task.upload(installation.pk, "x.csv", [body[:40], body[40:]] if body else [], now)
    with within(installation.pk):
        assert not CustomerFile.objects.exists()
        assert not CustomerFileLine.objects.exists()


def test_a_new_person_stands_as_if_folded(installation: Installation, now: datetime) -> None:
    imported(installation, yes(), now)
    with within(installation.pk):
        before = Customer.objects.values().get()
        customers.refold(Installation.objects.select_related("policy").get(), [before["id"]], now + DAY, Cause.TIME)
        assert Customer.objects.values().get() == before
        assert PhaseChange.objects.count() == 1


def test_attributes_of_a_file_stand_for_its_people(installation: Installation, now: datetime) -> None:
    points = Attribute("points", Type.NUMBER)
    imported(
        installation,
        "eva@example.com,12\nada@example.com,many\n",
        now,
        header="Email,Points\n",
        attributes=((1, points),),
    )
    with within(installation.pk):
        held = dict(Identity.objects.values_list("value", "customer__attributes"))
    assert held["eva@example.com"] == {"points": {"value": 12, "origin": "file", "at": now.isoformat()}}
    assert held["ada@example.com"] == {}


def test_the_sweep_finds_a_file_that_waits(installation: Installation, now: datetime) -> None:
    file = read(installation, yes(), now)
    assert (CUSTOMER_FILES, installation.pk) not in due(now)
    with within(installation.pk):
        files.start(file, now)
    assert (CUSTOMER_FILES, installation.pk) in due(now)

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.channels import known
from saleor_lifecycle.channels.channel import Outgoing, ProviderAccount
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent
from saleor_lifecycle.models import Brand, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import staff_mails, sweep
from saleor_lifecycle.tasks.nudge import DELIVER

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


class Post:
    """A provider: it keeps what it takes, refuses all, or its answer is never heard."""

    batch = 1

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.is_refusing = self.dies = False

    @contextmanager
    def open(self, account: ProviderAccount) -> Iterator["Post"]:
        yield self

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        if self.is_refusing:
            return [Refused("550 no") for _ in messages]
        self.taken += messages
        if self.dies:
            raise RuntimeError
        return [Sent("1") for _ in messages]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    made = Post()
    monkeypatch.setitem(known.CHANNELS, "email", made.open)
    return made


@pytest.fixture
def shop(installation: Installation) -> Installation:
    with within(installation.pk):
        Brand.objects.update(contact_email="staff@shop.example.com", sender_email="hello@shop.example.com")
    return installation


def ask(shop: Installation, who: str, now: datetime, step: str = "staff") -> None:
    with within(shop.pk):
        written: dict[str, Any] = {"flow": "hello", "step": step, "text": "Call <them>", "customer": who}
        Outbox.objects.create(installation=shop, kind="staff", key=f"flow:{who}:{step}", written=written, due_at=now)


def is_due(shop: Installation, now: datetime) -> bool:
    return (DELIVER, shop.pk) in sweep.due(now)


def test_one_mail_tells_of_all_who_came_to_a_step(shop: Installation, post: Post, now: datetime) -> None:
    for who, step in (("one", "staff"), ("two", "staff"), ("three", "other")):
        ask(shop, who, now, step)
    assert is_due(shop, now)
    assert staff_mails.run(shop.pk, now) == 3
    first, second = sorted(post.taken, key=lambda mail: mail.text.count("- "))
    assert (first.to_address, second.text.count("- ")) == ("staff@shop.example.com", 2)
    assert "Call &lt;them&gt;" in second.html
    assert "hello" in second.subject
    assert not is_due(shop, now + MINUTE * 60 * 24)
    assert staff_mails.run(shop.pk, now + MINUTE) == 0


def test_after_a_crash_it_goes_out_under_the_same_id(shop: Installation, post: Post, now: datetime) -> None:
    ask(shop, "one", now)
    post.dies = True
    with pytest.raises(RuntimeError):
        staff_mails.run(shop.pk, now)
    post.dies = False
    assert staff_mails.run(shop.pk, now) == 0, "somebody may be at it"
    assert staff_mails.run(shop.pk, now + 2 * MINUTE) == 1
    assert len({mail.message_id for mail in post.taken}) == 1
    assert staff_mails.run(shop.pk, now + 4 * MINUTE) == 0


def test_what_is_refused_is_tried_again_later(shop: Installation, post: Post, now: datetime) -> None:
    ask(shop, "one", now)
    post.is_refusing = True
    staff_mails.run(shop.pk, now)
    with within(shop.pk):
        row = Outbox.objects.get()
        assert (row.attempts, row.error) == (1, "550 no")
        assert row.due_at is not None
        assert row.due_at > now
    post.is_refusing = False
    assert staff_mails.run(shop.pk, row.due_at) == 1
    assert len(post.taken) == 1


def test_a_shop_that_names_nobody_tells_nobody(shop: Installation, post: Post, now: datetime) -> None:
    with within(shop.pk):
        Brand.objects.update(contact_email="")
    ask(shop, "one", now)
    assert staff_mails.run(shop.pk, now) == 1
    assert post.taken == []
    assert not is_due(shop, now + MINUTE * 60)

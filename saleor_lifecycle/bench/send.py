"""``send``: queued messages decided, rendered, claimed, sent and recorded, beside the same mails by hand.

By hand is: build the same MIME, hand it to the same server, commit one row. Its words are rendered before. Both write
to one database and to one mail server, which has a process of its own.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions.installations import Registration
from saleor_lifecycle.channels import links
from saleor_lifecycle.channels.render import Rendered, render
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import contents, filling
from saleor_lifecycle.tasks import messages as tasks

from . import mailing
from .outcome import Outcome, at_least
from .side import Side
from .sink import counted
from .surroundings import Unfit, own_database

AIM = 0.7
WARM_UP = 2
ROUNDS = 15
PEOPLE = 200
"""Who get a mail each in a round, from both."""
RENDERS = 500
RENDERS_AIM = 200_000


def run(now: datetime) -> Outcome:
    """Return what rounds of ours and the floor's, in turn, came to. Raises Unfit."""
    with own_database() as url, mailing.running_sink() as port:
        shop = mailing.open_shop(Registration("https://bench.example.com/graphql/", "app", "token", {}), now)
        mailing.fill(shop, PEOPLE, now)
        with (
            Side(f"{__name__}:ours", url, port=port) as app,
            Side(f"{__name__}:by_hand", url, port=port) as hand,
        ):
            times = [(app.round(), hand.round()) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
            peak = app.peak_mb
        if counted(port) != 2 * PEOPLE * (WARM_UP + ROUNDS):
            raise Unfit(f"{counted(port)} mails came")
        renders = _renders(url)
    values, floors = ([PEOPLE / one for one in side] for side in zip(*times, strict=True))
    sizes = {
        "rounds": ROUNDS,
        "messages": PEOPLE,
        "bytes": len(mailing.HTML) + len(mailing.TEXT),
        "renders_a_minute_on_2_cores": renders,
        "aim_of_renders": RENDERS_AIM,
        "peak_mb": round(peak),
    }
    return at_least(AIM, "send", "messages per second", values, floors, sizes)


def ours(port: int) -> Iterator[float]:
    """Yield the seconds of each round of the app: from the lease to the record."""
    mailing.use_sink(port)
    installation = _installation()
    while True:
        if mailing.queue(installation, timezone.now()) != PEOPLE:
            raise Unfit("not everybody was planned for")
        begun = time.perf_counter()
        while tasks.run(installation.pk, timezone.now()):
            pass
        seconds = time.perf_counter() - begun
        with within(installation.pk):
            if Message.objects.filter(state="sent").count() != PEOPLE:
                raise Unfit("not every message was sent")
        yield seconds


def by_hand(port: int) -> Iterator[float]:
    """Yield the seconds of each round of the floor."""
    installation = _installation()
    hand, words = mailing.ByHand(port), _words(installation)
    while True:
        begun = time.perf_counter()
        for number in range(PEOPLE):
            message_id = uuid4()
            link = links.unsubscribe_url(settings.PUBLIC_URL, links.Link(installation.public_id, message_id))
            hand.send(message_id, f"person{number}@example.com", words, link, timezone.now())
        yield time.perf_counter() - begun


def rendering() -> Iterator[float]:
    """Yield the seconds that so many renders of the template take."""
    installation = _installation()
    while True:
        begun = time.perf_counter()
        for _ in range(RENDERS):
            _words(installation)
        yield time.perf_counter() - begun


_VALUES: dict[str, object] = {}


def _words(installation: Installation) -> Rendered:
    """Return the words of a mail; its values are made once, so that rendering alone is measured."""
    if not _VALUES:
        with within(installation.pk):
            brand = Brand.objects.get()
        found = contents.Found(address="person@example.com", language="en")
        _VALUES.update(filling.values(installation, brand, uuid4(), found, "Ada", "en"))
    source = TemplateSource("News of {{ shop.name }}", mailing.HTML, mailing.TEXT, "en")
    return render(source, _VALUES)


def _renders(url: str) -> int:
    """Return how many renders two processes come to in a minute."""
    with (
        Side(f"{__name__}:rendering", url) as one,
        Side(f"{__name__}:rendering", url) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        seconds = [list(pool.map(lambda side: side.round(), (one, other))) for _ in range(6)][1:]
    best = min(max(pair) for pair in seconds)
    return round(2 * RENDERS / best * 60)


def _installation() -> Installation:
    with within(1):
        return Installation.objects.get(pk=1)

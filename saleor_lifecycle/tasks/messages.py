"""The task send: the guarded read, the decisions; for each message the words, the claim, the channel, the record."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice

from celery import shared_task
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from saleor_lifecycle.actions import (
    consent,
    decisions,
    deliverability,
    mail_accounts,
    messages,
    restores,
    send_facts,
    sending,
)
from saleor_lifecycle.channels.channel import Connection, Outgoing
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.domain.provider_accounts import ProviderAccount
from saleor_lifecycle.models import Installation, Message
from saleor_lifecycle.models.entry import within

from . import accounts, contents, words

BATCH = 100
PATIENCE = 3
"""After so many messages in a row of which the provider took none, it is left alone for a while."""

logger = logging.getLogger(__name__)


@shared_task
def send(installation_id: int) -> None:
    """Send whatever may leave, batch after batch."""
    while run(installation_id, timezone.now()):
        pass


def run(installation_id: int, now: datetime) -> int:
    """Take one batch of each channel's due messages to their end, or to their next moment; return how many."""
    with within(installation_id):
        messages.give_up_lost(installation_id, now)
        waiting = messages.channels_due(installation_id, CHANNELS, now)
    return sum(_run(installation_id, channel, now) for channel in waiting)


def _run(installation_id: int, channel: str, now: datetime) -> int:
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if restores.is_held(installation, now):
            return 0
        through = accounts.of_channel(installation, channel)
        if all(account.is_held for account in through.values()):
            return 0
        turns = sending.take_turns(installation, channel, BATCH, now)
        candidates = messages.lease(installation_id, channel, turns.count, now, turns.is_service_only)
        if len(candidates) < turns.count:
            sending.give_back(installation, channel, turns, turns.count - len(candidates))
    if not candidates:
        return 0
    found = contents.ask(installation, candidates, now, channel)
    answers = {key: send_facts.Answer(one.address, one.truth, one.offer, one.channel) for key, one in found.items()}
    with within(installation_id):
        leaving, basis = decisions.decide(installation, candidates, answers, timezone.now())
        batch = _Batch(installation, channel, turns, words.known(installation, leaving, basis, found))
        if len(leaving) < len(candidates):
            sending.give_back(installation, channel, turns, len(candidates) - len(leaving))
    for account, some in accounts.share(leaving, found, through):
        _leave_through(batch, account, some)
    return len(candidates)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the messages of a batch share."""

    installation: Installation
    channel: str
    turns: sending.Turns
    known: words.Known


def _leave_through(batch: _Batch, account: ProviderAccount, leaving: Sequence[Message]) -> None:
    """Send decided messages; an account with which nothing can be sent is held until somebody mends it."""
    try:
        with CHANNELS[batch.channel](account) as connection:
            _deliver(batch, account, leaving, connection)
    except ImproperlyConfigured as error:
        if account.id is None:
            raise
        with within(batch.installation.pk):
            mail_accounts.hold(account, str(error), timezone.now())
            messages.release(leaving, timezone.now())
            sending.give_back(batch.installation, batch.channel, batch.turns, len(leaving))


def _deliver(batch: _Batch, account: ProviderAccount, leaving: Sequence[Message], connection: Connection) -> None:
    """Send decided messages, as many at once as the connection takes.

    What became of some is written down with the claim of the next, so over SMTP a mail costs one commit, and a worker
    that dies leaves one unknown. Words are made before their message is claimed, while the database claims the ones
    before: what dies in them is still queued.
    """
    wordless, left, progress = words.Wordless(), iter(leaving), _Progress()
    written = words.write(batch.known, left, wordless)
    ready: list[tuple[Message, Outgoing]] = []
    _prepare(ready, written, connection)
    while ready and not progress.refused:
        coming: list[tuple[Message, Outgoing]] = []
        meanwhile = partial(_prepare, coming, written, connection)
        # Asked again: the call before may have taken long.
        late = [message for message, _ in ready if words.is_late(batch.known, message, timezone.now())]
        wordless.late.extend(late)
        claimed = _turn(batch, progress.came, [message for message, _ in ready if message not in late], meanwhile)
        progress.add(_hand_over([one for one in ready if one[0].pk in claimed], connection))
        ready = coming
    _turn(batch, progress.came, [])
    _end(batch, account, progress, [*(message for message, _ in ready), *wordless.late, *left], wordless.broken)


def _prepare(
    ready: list[tuple[Message, Outgoing]], written: Iterator[tuple[Message, Outgoing]], connection: Connection
) -> None:
    """Fill ``ready`` with what goes in one call."""
    ready += islice(written, connection.batch)
    with suppress(Exception):  # sending meets it again, and says what becomes of the message
        connection.prepare([outgoing for _, outgoing in ready])


@dataclass(slots=True)
class _Progress:
    """How it goes with a batch. ``came``: of the newest call; ``refused``: why the rest is not sent now."""

    came: Sequence[tuple[Message, SendOutcome]] = ()
    counts: Counts = field(default_factory=Counts)
    in_trouble: int = 0
    refused: Trouble | None = None

    def add(self, came: Sequence[tuple[Message, SendOutcome]]) -> None:
        self.came = came
        for _, outcome in came:
            self.in_trouble = self.in_trouble + 1 if isinstance(outcome, Trouble) else 0
            self.counts = _counted(self.counts, outcome)
            if isinstance(outcome, Trouble) and (outcome.is_of_account or outcome.wait or self.in_trouble >= PATIENCE):
                self.refused = outcome


def _end(
    batch: _Batch,
    account: ProviderAccount,
    progress: _Progress,
    rest: Sequence[Message],
    broken: Sequence[tuple[Message, str]],
) -> None:
    """Give back the rest of a batch, and write down how it went with its provider."""
    with within(batch.installation.pk):
        now = timezone.now()
        # Messages before what counts them: reports of the provider take them in this order.
        messages.release(rest, now)
        for message, reason in broken:
            messages.refuse(message, reason, now)
        deliverability.note(batch.installation, batch.channel, progress.counts, now)
        if progress.refused and progress.refused.is_of_account and account.id is not None:
            mail_accounts.hold(account, progress.refused.reason, now)
        elif progress.refused:
            sending.troubled(batch.installation, batch.channel, progress.refused.reason, now, progress.refused.wait)
        elif progress.counts.sent:
            sending.served(batch.installation, batch.channel, now)
        if rest:
            sending.give_back(batch.installation, batch.channel, batch.turns, len(rest))


def _counted(counts: Counts, outcome: SendOutcome) -> Counts:
    """Return the counts with one more message: an address that is refused when it is handed over has bounced."""
    match outcome:
        case Sent() | Unsure():
            return replace(counts, sent=counts.sent + 1)
        case Refused(is_address_bad=True):
            return replace(counts, sent=counts.sent + 1, bounced=counts.bounced + 1)
    return counts


def _hand_over(going: Sequence[tuple[Message, Outgoing]], connection: Connection) -> list[tuple[Message, SendOutcome]]:
    if not going:
        return []
    try:
        outcomes = connection.send([outgoing for _, outgoing in going])
    except Exception as error:  # by contract a fault of ours, and nothing has left
        logger.exception("nothing could be handed over")
        outcomes = [Trouble(f"a fault of the app: {type(error).__name__}")] * len(going)
    return [(message, outcome) for (message, _), outcome in zip(going, outcomes, strict=True)]


def _turn(
    batch: _Batch,
    came: Sequence[tuple[Message, SendOutcome]],
    wanted: Sequence[Message],
    meanwhile: Callable[[], object] | None = None,
) -> set[int]:
    """Write down what became of messages, and return which of the wanted are claimed."""
    now = timezone.now()
    for message, outcome in came:
        if isinstance(outcome, Refused) and outcome.is_address_bad:
            with within(batch.installation.pk):
                consent.suppress(message, "bounced", now)
    settled = [_settled(message, outcome, now) for message, outcome in came]
    return messages.turn(batch.installation.pk, settled, wanted, now, meanwhile)


def _settled(message: Message, outcome: SendOutcome, now: datetime) -> messages.Settled:
    match outcome:
        case Sent(provider_id):
            return messages.Settled(message.pk, Message.State.SENT, provider_id=provider_id)
        case Refused(reason):
            return messages.Settled(message.pk, Message.State.FAILED, reason)
        case Trouble(is_of_account=True):
            return messages.put_back(message, now)
        case Trouble(reason, wait=wait):
            return messages.after_trouble(message, reason, wait, now)
        case Unsure(reason):
            return messages.Settled(message.pk, Message.State.UNKNOWN, reason)

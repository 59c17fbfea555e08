"""A part of the task deliver: mails in which flows tell staff something.

Each mail has an id that is stored before it leaves: after a crash it goes out again under the same one, by which mail
programs know it.
"""

import logging
from collections import defaultdict
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from saleor_lifecycle.actions import mail_accounts, outbox, restores
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.channels.outcomes import Sent
from saleor_lifecycle.channels.staff_mail import staff_mail
from saleor_lifecycle.models import Brand, Installation, Outbox
from saleor_lifecycle.models.entry import within

BATCH = 500

logger = logging.getLogger(__name__)


def run(installation_id: int, now: datetime) -> int:
    """Send what staff are to be told, one mail for each step of a flow; return how many asked for it."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if restores.is_held(installation, now):
            return 0
        rows = outbox.lease(installation_id, Outbox.Kind.STAFF, BATCH, now)
        if not rows:
            return 0
        by_mail = _mails(rows)
        brand = Brand.objects.get(installation=installation)
        account = mail_accounts.account_of(installation_id, "")
    # A shop that names nobody to write to has nobody to tell.
    trouble: dict[UUID, str] = {}
    if brand.contact_email:
        own = settings.MAIL_FROM if account.id is None else ""
        letters = [
            _letter(mail_id, some, installation.language, own or brand.sender_email, brand.contact_email)
            for mail_id, some in by_mail.items()
        ]
        try:
            with CHANNELS["email"](account) as connection:
                for letter in letters:
                    (outcome,) = connection.send([letter])
                    if not isinstance(outcome, Sent):
                        trouble[letter.message_id] = outcome.reason
        except ImproperlyConfigured:
            trouble = dict.fromkeys(by_mail, "the app's mail provider is not set up")
    with within(installation_id):
        for mail_id, some in by_mail.items():
            if mail_id not in trouble:
                outbox.drop(some)
                continue
            logger.warning("mail %s to the staff of installation %s did not leave", mail_id, installation_id)
            for row in some:
                outbox.failed(row, trouble[mail_id], now)
    return len(rows)


def _mails(rows: list[Outbox]) -> dict[UUID, list[Outbox]]:
    """Return the rows by the id of the mail that each goes with; one that has none yet gets it, and keeps it."""
    by_mail: dict[UUID, list[Outbox]] = defaultdict(list)
    new: dict[tuple[str, str], list[Outbox]] = defaultdict(list)
    for row in rows:
        if row.record:
            by_mail[UUID(row.record)].append(row)
        else:
            new[row.written["flow"], row.written["step"]].append(row)
    for some in new.values():
        mail_id = uuid4()
        by_mail[mail_id] = some
        outbox.name(some, str(mail_id))
    return by_mail


def _letter(mail_id: UUID, rows: list[Outbox], language: str, sender: str, to: str) -> Outgoing:
    written = rows[0].written
    words = staff_mail(language, written["flow"], written["text"], sorted(row.written["customer"] for row in rows))
    return Outgoing(
        message_id=mail_id,
        sender_name="",
        sender_address=sender,
        reply_to="",
        to_address=to,
        subject=words.subject,
        html=words.html,
        text=words.text,
        language=words.language,
        unsubscribe_url="",
        tags=("staff",),
    )

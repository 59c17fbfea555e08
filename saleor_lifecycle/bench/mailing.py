"""What the benches of sending share: a shop with a template of usual size, its people, and mails built by hand."""

import os
import smtplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import psycopg
from django.conf import settings

from saleor_lifecycle.actions import consent, identities, plans, templates
from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.channels import email
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.render import Rendered
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.processes import Group, Program

from .surroundings import free_port, wait_for

TEMPLATE = "bench"
PARAGRAPH = "<p style='margin:0 0 16px;font:16px/1.5 sans-serif'>{{ customer.first_name }}, " + "words " * 60 + "</p>"
HTML = (
    "<!doctype html><html lang='{{ language }}'><body><h1>{{ shop.name }}</h1>"
    + PARAGRAPH * 30
    + "<p>{{ footer.company }}, {{ footer.address }} {{ footer.reason }}</p>"
    + "<a href='{{ links.unsubscribe }}'>Unsubscribe</a></body></html>"
)
TEXT = "Hello {{ customer.first_name }}\n" + "words " * 300 + "\n{{ links.unsubscribe }}\n"
SENT = "CREATE TABLE IF NOT EXISTS bench_sent (id uuid PRIMARY KEY, at timestamptz NOT NULL, provider_id text)"


@contextmanager
def running_sink() -> Iterator[int]:
    """A mail server of its own; gives its port."""
    port = free_port()
    with Group() as group:
        group.start(Program("sink", [sys.executable, "-m", "saleor_lifecycle.bench.sink", str(port)]))
        wait_for(port, group)
        yield port


def use_sink(port: int) -> None:
    """Send this process's mail there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.TRUSTED_SENDERS = ["*"]


def open_shop(registration: Registration, now: datetime) -> Installation:
    """Return an installation whose sender is set up and that has the template."""
    number = register(registration, now)
    with within(number):
        Brand.objects.update(
            sender_name="Bench",
            sender_email="hello@bench.example.com",
            company="Bench, Ltd.",
            postal_address="1 High Street",
            contact_email="hello@bench.example.com",
            cart_url="https://bench.example.com/?checkout={checkout_id}",
        )
        templates.save(number, TEMPLATE, "en", ("News of {{ shop.name }}", "", TEXT), HTML, now)
        return Installation.objects.get(pk=number)


def fill(installation: Installation, people: int, now: datetime) -> None:
    """Give the shop people who have agreed to mail."""
    with within(installation.pk):
        keys = [Key(IdentityKind.EMAIL, f"person{number}@example.com") for number in range(people)]
        found = identities.resolve(installation.pk, keys, now)
        consent.save_imported(installation, {row.pk: consent.Imported(True, now, "bench") for row in found.values()})


def queue(installation: Installation, now: datetime) -> int:
    """Queue the template for everybody; return how many they are."""
    with within(installation.pk):
        Message.objects.filter(due_at=None).delete()
        plan = plans.make(installation, TEMPLATE, "cart", "email", now, now)
        while plans.plan_block(plan, plans.EVERYBODY, now):
            pass
        plan.refresh_from_db()
        return plan.planned


class ByHand:
    """The least that sends a mail and knows that it did: build it, hand it over, commit one row."""

    def __init__(self, port: int) -> None:
        self.server = smtplib.SMTP("127.0.0.1", port)
        self.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self.database.execute(SENT)

    def send(self, message_id: UUID, to: str, words: Rendered, unsubscribe_url: str, now: datetime) -> None:
        built = email._build(
            Outgoing(
                message_id=message_id,
                sender_name="Bench",
                sender_address="hello@bench.example.com",
                reply_to="",
                to_address=to,
                subject=words.subject,
                html=words.html,
                text=words.text,
                language="en",
                unsubscribe_url=unsubscribe_url,
                tags=(TEMPLATE,),
            )
        )
        raw = built.message().as_bytes(linesep="\r\n")
        self.server.sendmail("hello@bench.example.com", [to], raw)
        self.database.execute("INSERT INTO bench_sent VALUES (%s, %s, %s)", [message_id, now, str(message_id)])

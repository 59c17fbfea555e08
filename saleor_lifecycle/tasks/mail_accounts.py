"""Mail accounts and senders as staff set them up: checked, stored, tried at the provider, asked for."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from saleor_lifecycle.actions import brands, mail_accounts, previews, senders
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels import providers, verification
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.channels.links import SenderLink, sender_url
from saleor_lifecycle.channels.outcomes import Sent
from saleor_lifecycle.channels.sender_mail import sender_mail
from saleor_lifecycle.channels.verification import Verdict, Verification
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Installation, MailAccount, Sender
from saleor_lifecycle.models.entry import within

NEVER_WRITTEN_TO = "This address is never written to: it is on the suppression list."


def save(
    installation_id: int, channel: str, provider: str, given: Mapping[str, str], now: datetime
) -> tuple[Problem, ...]:
    """Store an account; return what is wrong with it, and store nothing, or nothing.

    A secret that is not given stays as it is, where the account is at the same provider and at the same server: what
    is shown to nobody cannot be typed again, and must not be sent to a server that somebody else names.
    """
    if problems := _unusable(channel, provider):
        return problems
    with within(installation_id):
        installation = Installation.objects.select_for_update().get(pk=installation_id)
        row = MailAccount.objects.filter(installation=installation, channel=channel).first()
        held = mail_accounts.value_of(row) if row and row.provider == provider else None
        completed = providers.complete(provider, given)
        server = providers.FREELY_NAMED.get(provider, ())
        if held and all(held.settings.get(name) == completed[name] for name in server):
            secret = {field.name for field in providers.PROVIDERS[provider].fields if field.is_secret}
            kept = {name for name in secret & held.settings.keys() if name not in given}
            completed |= {name: held.settings[name] for name in kept}
        faults = providers.faults(provider, completed)
        if not faults:
            mail_accounts.save(installation, channel, provider, completed, now)
    return tuple(Problem(f"settings.{name}", Code.INVALID, text) for name, text in faults.items())


def _unusable(channel: str, provider: str) -> tuple[Problem, ...]:
    if channel and not brands.is_channel(channel):
        return (Problem("channel", Code.INVALID, "This is no channel's slug."),)
    if provider not in providers.PROVIDERS:
        return (Problem("provider", Code.INVALID, "There is no such mail provider."),)
    if not providers.is_installed(provider):
        return (Problem("provider", Code.INVALID, "What this provider needs is not installed with the app."),)
    return ()


def verify(installation_id: int, channel: str, now: datetime) -> Verification | None:
    """Return what the provider says of a channel's own account, and write it down; None where there is none."""
    with within(installation_id):
        row = MailAccount.objects.filter(installation=installation_id, channel=channel).first()
        account = mail_accounts.value_of(row) if row else None
    if account is None:
        return None
    said = verification.verify(account, settings.ALLOW_PRIVATE_ADDRESSES)
    with within(installation_id):
        if said.verdict is Verdict.TAKEN:
            mail_accounts.verified(installation_id, account, now)
        elif said.verdict is Verdict.REFUSED:
            mail_accounts.hold(account, said.reason, now)
    return said


def ask_sender(installation_id: int, address: str, language: str, now: datetime) -> tuple[Problem, ...]:
    """Mail the holder of a sender's address a link with which they say that the shop may write in their name.

    Only of an address that the shop has set up as a sender. It leaves through the account that the sender's mails take.
    """
    address = address.strip().lower()
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        known = brands.by_channel(installation_id)
        channel = next((name for name, brand in known.items() if brand.sender_email.lower() == address), None)
        if not address or channel is None:
            return (Problem("address", Code.NOT_FOUND, "No sender has this address; save it first."),)
        if not previews.may_test(installation, address, Purpose.SERVICE):
            return (Problem("address", Code.NOT_SENT, NEVER_WRITTEN_TO),)
        if not previews.take_test(installation_id, now):
            return (Problem("address", Code.TOO_OFTEN, f"At most {previews.PER_HOUR} tests an hour are sent."),)
        account = mail_accounts.account_of(installation_id, channel)
        sender = senders.ask(installation, address, now)
        name = known[channel].sender_name
    # Its own provider knows the shop's sender; the operator's may know the operator's alone.
    own = settings.MAIL_FROM if account.id is None else ""
    asking = _asking(installation, sender, own or address, name, language)
    try:
        with CHANNELS["email"](account) as connection:
            (outcome,) = connection.send([asking])
    except ImproperlyConfigured:
        return (Problem("address", Code.NOT_SENT, "The app's mail provider is not set up."),)
    return () if isinstance(outcome, Sent) else (Problem("address", Code.NOT_SENT, outcome.reason),)


def _asking(installation: Installation, sender: Sender, mail_from: str, name: str, language: str) -> Outgoing:
    url = sender_url(settings.PUBLIC_URL, SenderLink(installation.public_id, sender.public_id))
    words = sender_mail(language, name, sender.address, url, senders.LASTS.days)
    return Outgoing(
        message_id=uuid4(),
        sender_name="",
        sender_address=mail_from,
        reply_to="",
        to_address=sender.address,
        subject=words.subject,
        html=words.html,
        text=words.text,
        language=words.language,
        unsubscribe_url="",
        tags=("sender",),
    )

"""A template as somebody would read it: in the Dashboard, or in one test mail to whoever writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from saleor_lifecycle.actions import brands, mail_accounts, previews, send_facts
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.faults import Fault, TemplateError
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.channels.mentions import used_names
from saleor_lifecycle.channels.outcomes import Refused, Sent, Trouble, Unsure
from saleor_lifecycle.channels.render import Rendered, render
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.messages import Context, Purpose
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.models.entry import within

from . import contents, filling, templates
from .templates import Written

MARK = "[Test] "
NO_MESSAGE = UUID(int=0)
_OFFERED = ("recommendations", "voucher")
"""The links of a preview are about it, so they lead nowhere and end nothing."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reader would see, and what is wrong with it; ``words`` is None where an error stands among the faults.

    ``invented`` names the groups of values that are no customer's: nobody was named, or the shop had nothing to say.
    """

    words: Rendered | None = None
    language: str = ""
    brand: Brand | None = None
    channel: str = ""  # Saleor's, of whom it is shown as
    invented: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    problems: tuple[Problem, ...] = ()


def preview(
    installation_id: int,
    written: Written,
    context: Context,
    purpose: Purpose,
    user_id: str | None,
    channel: str,
    now: datetime,
) -> Preview:
    """Return words as one of the shop's customers would read them now, or as an invented one would."""
    looked, problems = templates.look(installation_id, written, context, purpose)
    if looked.source is None or problems:
        return Preview(faults=looked.faults, problems=problems)
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        known = brands.by_channel(installation_id)
        customer_id = previews.customer_of(user_id) if user_id is not None else None
        candidate = previews.as_customer(customer_id, context is Context.CART) if customer_id else None
        first_name = send_facts.first_names([customer_id]).get(customer_id, "") if customer_id else ""
    if user_id is not None and candidate is None:
        problem = Problem("user_id", Code.NOT_FOUND, "The app knows no customer by that Saleor user id.")
        return Preview(faults=looked.faults, problems=(problem,))
    found = contents.Found(None, "")
    if candidate is not None:
        found = contents.ask(installation, [candidate], now).get(candidate.message_id, found)
    channel = channel or found.channel
    brand = brands.of(known, channel)
    reason = filling.reason(found, purpose, Basis.GRANTED)
    real = filling.values(installation, brand, NO_MESSAGE, found, first_name, looked.source.language, reason)
    values, invented = _filled_up(real, context, looked.source, candidate is not None)
    try:
        words = render(looked.source, values)
    except TemplateError as error:
        return Preview(faults=(*looked.faults, *error.faults))
    return Preview(words, looked.source.language, brand, channel, invented, looked.faults)


def send_test(
    installation_id: int, shown: Preview, purpose: Purpose, address: str, now: datetime
) -> tuple[Problem, ...]:
    """Mail a preview to one address, marked as a test; return why it did not leave, or nothing.

    It is no message: no consent is asked for, no result counts it, nothing in it is tracked, its links lead nowhere.
    """
    assert shown.words is not None
    assert shown.brand is not None
    with within(installation_id):
        account = mail_accounts.account_of(installation_id, shown.channel)
    if problem := _cannot_go(installation_id, shown.brand, purpose, address, now):
        return (problem,)
    test = Outgoing(
        message_id=uuid4(),
        sender_name=shown.brand.sender_name,
        sender_address=shown.brand.sender_email,
        reply_to=shown.brand.reply_to,
        to_address=address,
        subject=MARK + shown.words.subject,
        html=shown.words.html,
        text=shown.words.text,
        language=shown.language,
        unsubscribe_url="",
        tags=("test",),
    )
    try:
        with CHANNELS["email"](account) as connection:
            (outcome,) = connection.send([test])
    except ImproperlyConfigured:
        return (Problem("to", Code.NOT_SENT, "The app's mail provider is not set up."),)
    match outcome:
        case Sent():
            return ()
        case Refused(reason) | Trouble(reason) | Unsure(reason):
            return (Problem("to", Code.NOT_SENT, reason),)


def _cannot_go(installation_id: int, brand: Brand, purpose: Purpose, address: str, now: datetime) -> Problem | None:
    try:
        validate_email(address)
    except ValidationError:
        return Problem("to", Code.INVALID, "This is not an e-mail address.")
    if not brand.sender_email:
        return Problem("to", Code.NOT_SENT, "Nobody is set up as the sender of messages.")
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if not previews.may_test(installation, address, purpose):
            return Problem("to", Code.NOT_SENT, "This address is never written to: it is on the suppression list.")
        if not previews.take_test(installation_id, now):
            return Problem("to", Code.TOO_OFTEN, f"At most {previews.PER_HOUR} tests an hour are sent.")
    return None


def _filled_up(
    real: Mapping[str, object], context: Context, source: TemplateSource, is_customer: bool
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the real values, with invented ones where nothing real is known, and which of those the words name."""
    sample = sample_values(context, source.language)
    known = {name: value for name, value in real.items() if _says(name, value) and (is_customer or name != "customer")}
    parts = {"subject": source.subject, "html": source.html, "text": source.text, "short": source.short}
    used = {name.partition(".")[0].partition("[")[0] for part, text in parts.items() for name in used_names(part, text)}
    return {**sample, **known}, tuple(sorted((sample.keys() - known.keys()) & used))


def _says(name: str, value: object) -> bool:
    """Is there anything to read? An offer that a message does not carry has all its names, with nothing in them."""
    return any(value.values()) if name in _OFFERED and isinstance(value, Mapping) else bool(value)

"""How mail leaves: through which provider's account, and in whose name."""

from collections.abc import Mapping
from datetime import datetime

import strawberry
from django.conf import settings as environment

from saleor_lifecycle import models
from saleor_lifecycle.actions import brands, mail_accounts, senders
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels import providers
from saleor_lifecycle.channels.verification import Verdict, can_verify
from saleor_lifecycle.domain.provider_accounts import hint
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import mail_accounts as tasks
from saleor_lifecycle.tasks.nudge import SEND, nudge

from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(Verdict, name="MailAccountVerdict")


@strawberry.type
class MailProviderField:
    name: str = strawberry.field(description="By anymail's name of the setting.")
    is_secret: bool = strawberry.field(description="It is never shown again, but for its end.")
    is_needed: bool
    choices: list[str] = strawberry.field(description="What may be given, the first where nothing is; empty: anything.")


@strawberry.type
class MailProvider:
    provider: str = strawberry.field(description="By anymail's name, or `smtp`.")
    name: str = strawberry.field(description="As it calls itself.")
    fields: list[MailProviderField]
    is_installed: bool = strawberry.field(description="What it needs is installed with the app.")
    can_verify: bool = strawberry.field(
        description="It can be asked about an account without sending anything; of the others a test mail tells."
    )


@strawberry.type
class MailAccountSetting:
    name: str
    is_set: bool
    value: str | None = strawberry.field(description="Null for a secret.")
    ends_with: str | None = strawberry.field(description="Of a secret its last four letters, if it is long enough.")


@strawberry.type
class MailAccount:
    channel: str = strawberry.field(description="The slug, at Saleor; empty: every channel without one of its own.")
    provider: str
    settings: list[MailAccountSetting]
    saved_at: datetime
    verified_at: datetime | None = strawberry.field(description="When the provider last took it, asked to verify.")
    held_at: datetime | None = strawberry.field(
        description="Since when nothing leaves through it, because the provider refuses it: save it, or have it "
        "verified, once that is mended."
    )
    held_reason: str = strawberry.field(description="Why, in the provider's words.")


@strawberry.type
class MailSender:
    address: str
    channels: list[str] = strawberry.field(description="The channels in which it is the sender; empty: the others.")
    asked_at: datetime | None = strawberry.field(description="When the address was last asked to confirm.")
    verified_at: datetime | None
    is_trusted: bool = strawberry.field(description="The operator lets it send without its being confirmed.")
    may_send: bool = strawberry.field(
        description="Commercial mails leave with it: it is confirmed or trusted, or the account is the shop's own."
    )


@strawberry.type
class Mail:
    operators_provider: str = strawberry.field(
        description="Through which provider mails leave that have no account of the shop's own."
    )
    providers: list[MailProvider] = strawberry.field(description="Those that an account may be set up at.")
    accounts: list[MailAccount] = strawberry.field(description="The shop's own.")
    senders: list[MailSender]


@strawberry.input
class MailSettingInput:
    name: str
    value: str


@strawberry.type
class MailChange:
    mail: Mail | None = strawberry.field(description="As it stands then; null with an error.")
    errors: list[Error]


@strawberry.type
class MailAccountVerification:
    verdict: Verdict | None = strawberry.field(
        description="`UNTOLD`: this provider, or this key, cannot be asked; send a test. Null with an error."
    )
    reason: str = strawberry.field(description="What the provider said, in its words; empty where it took it.")
    mail: Mail | None
    errors: list[Error]


@strawberry.type
class MailQuery:
    @strawberry.field(
        description="Through which accounts mails leave, and in whose name.", extensions=[Needs(Permission.USERS)]
    )
    def mail(self, info: Info) -> Mail:
        return _shown(info)


@strawberry.type
class MailMutation:
    @strawberry.mutation(
        description="Mails of a channel, or with an empty one of every other, leave through this account. A secret "
        "that is not given stays as it is, if the account stays at its provider and server.",
        extensions=[Needs(Permission.USERS)],
    )
    def mail_account_save(
        self, info: Info, provider: str, settings: list[MailSettingInput], channel: str = ""
    ) -> MailChange:
        given = {one.name: one.value for one in settings}
        problems = tasks.save(info.context.installation_id, channel, provider, given, info.context.now)
        return _changed(info, problems)

    @strawberry.mutation(
        description="Ask the provider whether it takes the account; nothing is sent. One that it refuses sends "
        "nothing until it is mended.",
        extensions=[Needs(Permission.USERS)],
    )
    def mail_account_verify(self, info: Info, channel: str = "") -> MailAccountVerification:
        said = tasks.verify(info.context.installation_id, channel, info.context.now)
        if said is None:
            return MailAccountVerification(verdict=None, reason="", mail=None, errors=errors([NO_ACCOUNT]))
        nudge(SEND, info.context.installation_id)
        return MailAccountVerification(verdict=said.verdict, reason=said.reason, mail=_shown(info), errors=[])

    @strawberry.mutation(
        description="Forget an account and its secrets: its mails leave as those of other channels do.",
        extensions=[Needs(Permission.USERS)],
    )
    def mail_account_remove(self, info: Info, channel: str = "") -> MailChange:
        with within(info.context.installation_id):
            is_gone = mail_accounts.remove(info.context.installation_id, channel, info.context.now)
        return _changed(info, () if is_gone else (NO_ACCOUNT,))

    @strawberry.mutation(
        description="Mail a sender's address a link with which its holder says that the shop may write in their name.",
        extensions=[Needs(Permission.USERS)],
    )
    def mail_sender_ask(self, info: Info, address: str) -> MailChange:
        context = info.context
        return _changed(info, tasks.ask_sender(context.installation_id, address, context.language, context.now))


NO_ACCOUNT = Problem("channel", Code.NOT_FOUND, "This channel has no account of its own.")


def _changed(info: Info, problems: tuple[Problem, ...]) -> MailChange:
    if problems:
        return MailChange(mail=None, errors=errors(problems))
    nudge(SEND, info.context.installation_id)
    return MailChange(mail=_shown(info), errors=[])


def _shown(info: Info) -> Mail:
    installation_id = info.context.installation_id
    with within(installation_id):
        rows = list(models.MailAccount.objects.filter(installation=installation_id).order_by("channel"))
        asked = {row.address: row for row in models.Sender.objects.filter(installation=installation_id)}
        known = brands.by_channel(installation_id)
        accounts = mail_accounts.by_channel(installation_id)
    channels: dict[str, list[str]] = {}
    for channel, brand in known.items():
        if brand.sender_email:
            channels.setdefault(brand.sender_email.lower(), []).append(channel)
    own = {name for name in known if mail_accounts.of(accounts, name).id is not None}
    return Mail(
        operators_provider=_operators(),
        providers=[_provider(name) for name in sorted(providers.PROVIDERS)],
        accounts=[_account(row) for row in rows],
        senders=[_sender(address, names, asked, own) for address, names in channels.items()],
    )


def _operators() -> str:
    module = environment.EMAIL_BACKEND.split(".")
    return module[2] if module[0] == "anymail" and len(module) > 2 else module[-2]


def _provider(name: str) -> MailProvider:
    held = providers.PROVIDERS[name]
    return MailProvider(
        provider=name,
        name=held.name,
        fields=[
            MailProviderField(
                name=one.name, is_secret=one.is_secret, is_needed=one.is_needed, choices=list(one.choices)
            )
            for one in held.fields
        ],
        is_installed=providers.is_installed(name),
        can_verify=can_verify(name),
    )


def _account(row: models.MailAccount) -> MailAccount:
    held = mail_accounts.value_of(row).settings
    fields = providers.PROVIDERS[row.provider].fields if row.provider in providers.PROVIDERS else ()
    return MailAccount(
        channel=row.channel,
        provider=row.provider,
        settings=[_setting(one, held.get(one.name, "")) for one in fields],
        saved_at=row.saved_at,
        verified_at=row.verified_at,
        held_at=row.held_at,
        held_reason=row.held_reason,
    )


def _setting(field: providers.Field, value: str) -> MailAccountSetting:
    return MailAccountSetting(
        name=field.name,
        is_set=bool(value),
        value=None if field.is_secret else value,
        ends_with=hint(value) or None if field.is_secret else None,
    )


def _sender(address: str, channels: list[str], asked: Mapping[str, models.Sender], own: set[str]) -> MailSender:
    row = asked.get(address)
    verified_at = row.verified_at if row else None
    is_trusted = senders.may_share(address, ())
    return MailSender(
        address=address,
        channels=[channel for channel in channels if channel],
        asked_at=row.asked_at if row else None,
        verified_at=verified_at,
        is_trusted=is_trusted,
        may_send=is_trusted or verified_at is not None or own.issuperset(channels),
    )

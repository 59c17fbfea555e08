"""Which providers report to the shop what became of its messages, and at which address."""

from datetime import datetime
from urllib.parse import quote

import strawberry
from django.conf import settings

from saleor_lifecycle import models
from saleor_lifecycle.actions import provider_webhooks
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels.provider_events import MUST_SIGN, SECRET, SIGNING, VIEWS, is_usable
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors

OF_THE_OPERATOR = frozenset({"amazon_ses"})
"""Amazon's topics are subscribed to with its own credentials, which are the operator's."""


@strawberry.type
class DeliveryReportSource:
    provider: str
    since: datetime
    last_report_at: datetime | None = strawberry.field(description="When it last told of something, to the hour.")


@strawberry.type
class ReportingProvider:
    provider: str = strawberry.field(description="By anymail's name.")
    signs: bool = strawberry.field(description="Its reports can be signed with a key that it shows.")
    must_sign: bool = strawberry.field(description="That key is needed.")


@strawberry.type
class DeliveryReports:
    providers: list[ReportingProvider] = strawberry.field(description="Those that may be set up.")
    sources: list[DeliveryReportSource] = strawberry.field(description="Those that are.")


@strawberry.type
class DeliveryReportsSetUp:
    address: str | None = strawberry.field(
        description="To be given to the provider as its webhook; with name and password in it where the provider does "
        "not sign. Shown only now."
    )
    errors: list[Error]


@strawberry.type
class DeliveryReportsEnd:
    errors: list[Error]


@strawberry.type
class DeliveryReportQuery:
    @strawberry.field(
        description="Who reports what became of messages, for shops with an account of their own at a provider.",
        extensions=[Needs(Permission.USERS)],
    )
    def delivery_reports(self, info: Info) -> DeliveryReports:
        with within(info.context.installation_id):
            rows = list(models.ProviderWebhook.objects.order_by("provider"))
        return DeliveryReports(
            providers=[
                ReportingProvider(provider=name, signs=name in SIGNING, must_sign=name in MUST_SIGN)
                for name in sorted(VIEWS)
                if name not in OF_THE_OPERATOR
            ],
            sources=[
                DeliveryReportSource(provider=row.provider, since=row.created_at, last_report_at=row.told_at)
                for row in rows
            ],
        )


@strawberry.type
class DeliveryReportMutation:
    @strawberry.mutation(
        description="Take reports of a provider at an address of the shop's own; asked again, the address before it "
        "stops working. `signing_key`: what the provider signs with, as it shows it.",
        extensions=[Needs(Permission.USERS)],
    )
    def delivery_reports_set_up(self, info: Info, provider: str, signing_key: str = "") -> DeliveryReportsSetUp:
        key = signing_key.strip()
        if provider not in VIEWS or provider in OF_THE_OPERATOR:
            return _refused(Problem("provider", Code.INVALID, "Reports of this provider cannot be read."))
        if provider in MUST_SIGN and not key:
            needed = Problem(
                "signing_key", Code.REQUIRED, "This provider signs its reports: give the key that it shows."
            )
            return _refused(needed)
        signing = {SIGNING[provider]: key} if key and provider in SIGNING else {}
        if key and not is_usable(provider, signing):
            wrong = Problem("signing_key", Code.INVALID, "By this key no report of this provider's can be checked.")
            return _refused(wrong)
        with within(info.context.installation_id):
            installation = models.Installation.objects.get(pk=info.context.installation_id)
            proof = provider_webhooks.set_up(installation, provider, signing, info.context.now)
        name, _, password = proof.secrets[SECRET].partition(":")
        scheme, _, rest = settings.PUBLIC_URL.partition("://")
        begin = f"{scheme}://{rest}" if key else f"{scheme}://{quote(name)}:{quote(password)}@{rest}"
        address = f"{begin}/providers/{installation.public_id}/{provider}"
        return DeliveryReportsSetUp(address=address, errors=[])

    @strawberry.mutation(
        description="Take no more reports of a provider; what it told so far stays.",
        extensions=[Needs(Permission.USERS)],
    )
    def delivery_reports_end(self, info: Info, provider: str) -> DeliveryReportsEnd:
        with within(info.context.installation_id):
            is_there = provider_webhooks.end(info.context.installation_id, provider)
        missing = Problem("provider", Code.INVALID, "This provider does not report.")
        return DeliveryReportsEnd(errors=errors([] if is_there else [missing]))


def _refused(problem: Problem) -> DeliveryReportsSetUp:
    return DeliveryReportsSetUp(address=None, errors=errors([problem]))

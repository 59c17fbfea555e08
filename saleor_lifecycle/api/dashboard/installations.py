"""The installation: its set-up, its first-run checklist, its keys, and who looks at it."""

from enum import Enum, auto
from typing import cast

import strawberry
from django.conf import settings

from saleor_lifecycle import models
from saleor_lifecycle.actions import activities, brands, installations
from saleor_lifecycle.domain.cart_flow import ABANDONED_CART
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.manifest import PERMISSIONS

from .access import Info, Needs, Permission
from .brands import Brand, shown_brand
from .problems import Error, errors
from .projection import Projection, shown_projection

strawberry.enum(models.Installation.State, name="InstallationState")


@strawberry.type
class Viewer:
    user_id: strawberry.ID
    email: str
    permissions: list[str] = strawberry.field(description="What this person may do through the app, by name.")
    app_permissions_missing: list[str] = strawberry.field(
        description="What the app asked for and was not granted; without it Saleor withholds what it should hear."
    )


@strawberry.type
class Installation:
    shop_name: str
    saleor_api_url: str
    saleor_version: str
    state: models.Installation.State
    time_zone: str
    language: str = strawberry.field(
        description="Whoever speaks none of the languages that a message has is written to in it."
    )
    consent_key: str
    activity_retention_days: int = strawberry.field(
        description="Visits and products viewed stay so long; first and last touch stay."
    )
    is_projecting: bool | None = strawberry.field(
        description="Null: not answered yet; nothing is written to Saleor before a yes."
    )
    brand: Brand
    storefront_key: str
    storefront_api_url: str = strawberry.field(description="Where storefronts ask.")
    has_server_key: bool

    @strawberry.field(description="What the projection would write, at which pace, and how far it is.")
    def projection(self, info: Info) -> Projection:
        with within(info.context.installation_id):
            return shown_projection(info.context.installation_id)


@strawberry.enum
class ChecklistKey(Enum):
    SENDER = auto()
    COMPANY = auto()
    CART_LINK = auto()
    PROJECTION = auto()
    EVENTS = auto()
    CART_FLOW = auto()


@strawberry.type
class ChecklistItem:
    key: ChecklistKey
    is_done: bool


@strawberry.input
class InstallationInput:
    sender_name: str | None = None
    sender_email: str | None = None
    reply_to: str | None = None
    company: str | None = None
    tax_id: str | None = None
    postal_address: str | None = None
    contact_email: str | None = None
    privacy_url: str | None = None
    logo_url: str | None = None
    storefront_url: str | None = None
    cart_url: str | None = None
    color: str | None = None
    text_color: str | None = None
    product_url: str | None = None
    time_zone: str | None = None
    language: str | None = None
    consent_key: str | None = None


@strawberry.type
class InstallationUpdate:
    installation: Installation | None
    errors: list[Error]


@strawberry.type
class ActivityRetentionSet:
    installation: Installation | None
    errors: list[Error]


@strawberry.type
class ServerKeyCreate:
    key: str
    errors: list[Error]


@strawberry.type
class InstallationQuery:
    @strawberry.field(
        description="Who looks. No permission needed beyond a valid token: it is what the no-permission page shows."
    )
    def viewer(self, info: Info) -> Viewer:
        token = info.context.token
        with within(info.context.installation_id):
            rows = models.Installation.objects.values_list("permissions", flat=True)
            granted = token.permissions.union(rows.get(pk=info.context.installation_id))
        return Viewer(
            user_id=strawberry.ID(token.user_id),
            email=token.email,
            permissions=sorted(token.permissions),
            app_permissions_missing=[name for name in PERMISSIONS if name not in granted],
        )

    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def installation(self, info: Info) -> Installation:
        with within(info.context.installation_id):
            return shown_installation(*rows_of(info))

    @strawberry.field(
        description="What is left to do before mails leave, in order.", extensions=[Needs(Permission.USERS)]
    )
    def checklist(self, info: Info) -> list[ChecklistItem]:
        with within(info.context.installation_id):
            installation, brand = rows_of(info)
            has_events = models.Event.objects.filter(installation=installation).exists()
            has_flow = models.Flow.objects.filter(
                installation=installation, key=ABANDONED_CART, is_on=True, version__isnull=False
            ).exists()
        done = {
            ChecklistKey.SENDER: bool(brand.sender_email),
            ChecklistKey.COMPANY: all((brand.company, brand.postal_address, brand.contact_email)),
            ChecklistKey.CART_LINK: bool(brand.cart_url),
            ChecklistKey.PROJECTION: installation.is_projecting is not None,
            ChecklistKey.EVENTS: has_events,
            ChecklistKey.CART_FLOW: has_flow,
        }
        return [ChecklistItem(key=key, is_done=done[key]) for key in ChecklistKey]


@strawberry.type
class InstallationMutation:
    @strawberry.mutation(
        description="Only the fields that are given change; with an error in one, none does.",
        extensions=[Needs(Permission.USERS)],
    )
    def installation_update(self, info: Info, input: InstallationInput) -> InstallationUpdate:
        with within(info.context.installation_id):
            installation, brand = rows_of(info)
            problems = brands.set_up(installation, brand, cast("dict[str, str | None]", vars(input)), info.context.now)
            return InstallationUpdate(
                installation=None if problems else shown_installation(installation, brand), errors=errors(problems)
            )

    @strawberry.mutation(
        description="How many days (30 to 3650) activities stay; what is older goes within the hour, for good.",
        extensions=[Needs(Permission.USERS)],
    )
    def activity_retention_set(self, info: Info, days: int) -> ActivityRetentionSet:
        with within(info.context.installation_id):
            installation, brand = rows_of(info)
            problems = activities.set_retention(installation, days)
            return ActivityRetentionSet(
                installation=None if problems else shown_installation(installation, brand), errors=errors(problems)
            )

    @strawberry.mutation(
        description="Makes a new key for storefronts' servers; shown this once; the one before stops working.",
        extensions=[Needs(Permission.USERS)],
    )
    def server_key_create(self, info: Info) -> ServerKeyCreate:
        with within(info.context.installation_id):
            installation, _ = rows_of(info)
            return ServerKeyCreate(key=installations.new_server_key(installation), errors=[])


def rows_of(info: Info) -> tuple[models.Installation, models.Brand]:
    """Return the installation that asks, and its brand."""
    brand = models.Brand.objects.select_related("installation").get(pk=info.context.installation_id)
    return brand.installation, brand


def shown_installation(installation: models.Installation, brand: models.Brand) -> Installation:
    """Return an installation as the schema has it."""
    return Installation(
        shop_name=installation.shop_name,
        saleor_api_url=installation.saleor_api_url,
        saleor_version=installation.saleor_version,
        state=models.Installation.State(installation.state),
        time_zone=installation.time_zone,
        language=installation.language,
        consent_key=installation.consent_key,
        activity_retention_days=installation.activity_retention_days,
        is_projecting=installation.is_projecting,
        brand=shown_brand(brand),
        storefront_key=installation.storefront_key,
        storefront_api_url=f"{settings.PUBLIC_URL}/graphql/storefront/{installation.storefront_key}/",
        has_server_key=installation.server_key_hash != "",
    )

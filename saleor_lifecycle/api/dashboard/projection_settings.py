"""What a merchant says of the projection: whether it is written, how fast, and whether an attribute carries it too."""

from contextlib import suppress

import strawberry
from cryptography.fernet import InvalidToken

from saleor_lifecycle import models
from saleor_lifecycle.actions import projection
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.projected import ATTRIBUTES_PERMISSION, ATTRIBUTES_SINCE
from saleor_lifecycle.saleor.versions import read_version
from saleor_lifecycle.tasks.installations import confirm
from saleor_lifecycle.tasks.nudge import ASK, nudge

from .access import Info, Needs, Permission
from .installations import Installation, rows_of, shown_installation
from .problems import Error, errors


@strawberry.type
class ProjectionSet:
    installation: Installation | None
    customers: int = strawberry.field(description="About how many customers will be written.")
    errors: list[Error]


@strawberry.type
class ProjectionPaceSet:
    installation: Installation | None
    errors: list[Error]


@strawberry.type
class PhaseAttributeSet:
    installation: Installation | None
    customers: int = strawberry.field(description="About how many customers will be written.")
    errors: list[Error]


@strawberry.type
class ProjectionMutation:
    @strawberry.mutation(
        description="May the lifecycle phase be written to Saleor's customer record? Switched off, what was written "
        "stays, or is emptied with `clears`; its keys remain, because Saleor's bulk mutation takes none away.",
        extensions=[Needs(Permission.USERS)],
    )
    def projection_set(self, info: Info, is_on: bool, clears: bool = False) -> ProjectionSet:
        with within(info.context.installation_id):
            installation, brand = rows_of(info)
            customers = projection.switch(installation, is_on, clears)
            shown = shown_installation(installation, brand)
        nudge(ASK, info.context.installation_id)
        return ProjectionSet(installation=shown, customers=customers, errors=[])

    @strawberry.mutation(
        description="How many customers a minute are written to Saleor at most, 1 to 60000.",
        extensions=[Needs(Permission.USERS)],
    )
    def projection_pace_set(self, info: Info, per_minute: int) -> ProjectionPaceSet:
        with within(info.context.installation_id):
            installation, brand = rows_of(info)
            try:
                projection.set_pace(installation, per_minute)
            except ValueError as error:
                problem = Problem("per_minute", Code.INVALID, str(error))
                return ProjectionPaceSet(installation=None, errors=errors([problem]))
            return ProjectionPaceSet(installation=shown_installation(installation, brand), errors=[])

    @strawberry.mutation(
        description="May a customer attribute carry the phase as well, which staff see in the customer's form? From "
        "Saleor 3.23 on, where the app has been granted MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES.",
        extensions=[Needs(Permission.USERS)],
    )
    def phase_attribute_set(self, info: Info, is_on: bool) -> PhaseAttributeSet:
        if is_on:
            _ask_for_permission(info)
        with within(info.context.installation_id):
            installation, brand = rows_of(info)
            if is_on and (fault := _no_attributes(installation)):
                problem = Problem("is_on", Code.INVALID, fault)
                return PhaseAttributeSet(installation=None, customers=0, errors=errors([problem]))
            customers = projection.switch_attribute(installation, is_on)
            shown = shown_installation(installation, brand)
        nudge(ASK, info.context.installation_id)
        return PhaseAttributeSet(installation=shown, customers=customers, errors=[])


def _ask_for_permission(info: Info) -> None:
    """Ask the shop where its last answer does not allow the attribute: staff may just have granted it."""
    with within(info.context.installation_id):
        installation, _ = rows_of(info)
    if _no_attributes(installation):
        with suppress(ShopError, InvalidToken):  # then what it last said counts
            confirm(installation, info.context.now)


def _no_attributes(installation: models.Installation) -> str | None:
    """Return why this shop's customers cannot have an attribute of ours."""
    if read_version(installation.saleor_version) < ATTRIBUTES_SINCE:
        return "Customer attributes came with Saleor 3.23."
    if ATTRIBUTES_PERMISSION not in installation.permissions:
        return f"The app lacks the permission {ATTRIBUTES_PERMISSION}: staff can grant it in the app's settings."
    return None

"""Visits of a browser to the storefront, told with the visitor's consent, and forgotten when it is taken back."""

from datetime import datetime

import strawberry

from saleor_lifecycle.actions import visitors
from saleor_lifecycle.domain import touches
from saleor_lifecycle.domain.touches import LONGEST, LONGEST_CLICK_ID, Touch
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from .access import Info
from .consent import GONE, LifecycleError, LifecycleErrorCode

MOST_PRODUCTS = 20


@strawberry.input(description="As in the address of the visit, without utm_ before it; at most 200 characters each.")
class LifecycleUtmInput:
    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""


@strawberry.input(description="What an advertiser has put into the address, such as gclid, fbclid, msclkid or ttclid.")
class LifecycleClickIdInput:
    name: str
    value: str


@strawberry.input
class LifecycleVisitInput:
    visitor: strawberry.ID = strawberry.field(
        description="The browser's: random, made by the storefront; 16 to 64 letters, digits or _.~:=+/-. Whoever "
        "knows it may have the browser forgotten. Make another when somebody signs out."
    )
    consent_given: bool = strawberry.field(description="Did the visitor agree to this? Without it nothing is stored.")
    occurred_at: datetime | None = strawberry.field(
        default=None, description="Within the last 30 days; now when left out. With it a repeated visit counts once."
    )
    path: str = strawberry.field(default="", description="Where the visit began; a query in it is not stored.")
    referrer: str = strawberry.field(
        default="", description="The address before; only its host is stored, and not the storefront's own (`host`)."
    )
    host: str = strawberry.field(default="", description="The storefront's own.")
    utm: LifecycleUtmInput | None = None
    click_id: LifecycleClickIdInput | None = None
    products: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Saleor's ids of products that were looked at; at most 20."
    )


@strawberry.type
class LifecycleVisitRecord:
    is_recorded: bool = strawberry.field(default=False, description="False also without consent, which is no error.")
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class LifecycleVisitorForget:
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class VisitMutation:
    @strawberry.mutation(
        description="A browser has come to the storefront. When its customer signs in, or a checkout or an account "
        "names it in the metadata key lifecycle_visitor, what it did before is that customer's. A storefront may tell "
        "of so many visits and products in a minute, its servers of any number; what is refused (RATE_LIMITED) is "
        "not stored."
    )
    def lifecycle_visit_record(self, info: Info, input: LifecycleVisitInput) -> LifecycleVisitRecord:
        context = info.context
        visit, errors = _read(input, context.now)
        if errors or not input.consent_given:
            return LifecycleVisitRecord(errors=errors)
        if not context.is_server:  # whoever holds the server key is trusted, and not shut out by those who are not
            with within(context.installation_id):
                is_admitted = visitors.admit(context.installation_id, visit, context.now)
            if not is_admitted:
                return LifecycleVisitRecord(errors=[TOO_MUCH])
        with within(context.installation_id):
            installation = Installation.objects.select_related("policy").get(pk=context.installation_id)
            is_recorded = visitors.record(installation, visit, context.user_id, context.now)
        return LifecycleVisitRecord(is_recorded=is_recorded, errors=[] if is_recorded else [GONE])

    @strawberry.mutation(
        description="The visitor takes the consent back: what was recorded of the browser is erased. It says nothing "
        "of whether there was anything."
    )
    def lifecycle_visitor_forget(self, info: Info, visitor: strawberry.ID) -> LifecycleVisitorForget:
        context = info.context
        if not touches.is_visitor(visitor):
            return LifecycleVisitorForget(errors=[VISITOR])
        with within(context.installation_id):
            installation = Installation.objects.get(pk=context.installation_id)
            visitors.forget(installation, visitor, context.user_id)
        return LifecycleVisitorForget()


def _invalid(field: str, message: str) -> LifecycleError:
    return LifecycleError(field=field, message=message, code=LifecycleErrorCode.INVALID)


TOO_MUCH = LifecycleError(
    field=None,
    message="The storefront tells of more visits than are taken in; try again in a minute.",
    code=LifecycleErrorCode.RATE_LIMITED,
)
VISITOR = _invalid("visitor", "A visitor is named by 16 to 64 letters, digits or _.~:=+/-.")


def _read(given: LifecycleVisitInput, now: datetime) -> tuple[visitors.Visit, list[LifecycleError]]:
    """Return the visit, and what is wrong with what was given."""
    errors = []
    utm, click = given.utm or LifecycleUtmInput(), given.click_id
    texts = {f"utm.{name}": getattr(utm, name) for name in touches.UTM}
    texts |= {"path": given.path, "host": given.host}
    if not touches.is_visitor(given.visitor):
        errors.append(VISITOR)
    errors += [_text(name, text, LONGEST) for name, text in texts.items() if not _fits(text, LONGEST)]
    if click is not None and not touches.is_click_name(click.name):
        errors.append(_invalid("clickId.name", "A click id is named like gclid: lower-case letters, digits and _."))
    if click is not None and not (click.value and _fits(click.value, LONGEST_CLICK_ID)):
        errors.append(_text("clickId.value", click.value, LONGEST_CLICK_ID))
    referrer = touches.host(given.referrer) if given.referrer else ""
    path = touches.path(given.path) if given.path else ""
    if referrer is None:
        errors.append(_invalid("referrer", "This is not a web address."))
    if path is None:
        errors.append(_invalid("path", "This is not a path."))
    at = given.occurred_at or now
    if at.tzinfo is None or not now - visitors.TOLD_WITHIN <= at <= now + visitors.AHEAD:
        errors.append(_invalid("occurredAt", "Give a moment with its offset within the last 30 days."))
    if len(given.products) > MOST_PRODUCTS or not all(
        product and _fits(product, LONGEST) for product in given.products
    ):
        errors.append(_invalid("products", f"At most {MOST_PRODUCTS} ids of products."))
    touch = Touch(
        at,
        **{name: getattr(utm, name).strip() for name in touches.UTM},
        referrer="" if referrer is None or referrer == touches.host(given.host) else referrer,
        click_name=click.name if click else "",
        click_id=click.value if click else "",
    )
    return visitors.Visit(given.visitor, touch, path or "", tuple(given.products)), errors


def _fits(text: str, longest: int) -> bool:
    return len(text) <= longest and touches.clean(text) == text.strip()


def _text(field: str, text: str, longest: int) -> LifecycleError:
    if not text:
        return LifecycleError(field=field, message="This may not be empty.", code=LifecycleErrorCode.REQUIRED)
    return _invalid(field, f"At most {longest} characters of plain text.")

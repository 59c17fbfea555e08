"""Where a customer came from."""

from datetime import datetime

import strawberry

from saleor_lifecycle.domain import touches


@strawberry.type(description="Where a customer came from, as a visit or a checkout told; null where it did not say.")
class MarketingTouch:
    at: datetime
    source: str | None
    medium: str | None
    campaign: str | None
    term: str | None
    content: str | None
    referrer_host: str | None
    click_id_name: str | None = strawberry.field(description="Of an advertiser's click, such as gclid.")


def shown(touch: touches.Touch | None) -> MarketingTouch | None:
    """Return a touch as the schema has it."""
    if touch is None:
        return None
    return MarketingTouch(
        at=touch.at,
        source=touch.source or None,
        medium=touch.medium or None,
        campaign=touch.campaign or None,
        term=touch.term or None,
        content=touch.content or None,
        referrer_host=touch.referrer or None,
        click_id_name=touch.click_name or None,
    )

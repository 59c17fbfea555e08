"""The pace at which a sender that nobody knows begins: twice as many messages each day, until there is no limit.

Receivers trust nobody whom they have not heard of: a domain or account that begins with thousands is filtered. Fifty
on the first day, and never more than twice as many as the day before, is what providers advise for new domains:
https://docs.customer.io/journeys/domain-warming ("Never send more than double the volume from the previous stage") and
https://help.batch.com/en/articles/9490328-step-4-define-a-warm-up-goal-per-subdomain (to 100,000 a day, then slower).
"""

from datetime import date, timedelta

PER_DAY = (50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400)
"""Messages on the first day, the second ...; from the day after the last on there is no limit."""

DAYS = timedelta(days=len(PER_DAY))


def limit(first_day: date | None, today: date) -> int | None:
    """Return how many messages may leave today; None is no limit. It begins with the day of the first message."""
    if first_day is None or today < first_day:
        return PER_DAY[0]
    day = (today - first_day).days
    return PER_DAY[day] if day < len(PER_DAY) else None


def ends_on(first_day: date | None, today: date) -> date:
    """Return the first day without a limit; while nothing has left, the one if it begins today."""
    return (first_day or today) + DAYS

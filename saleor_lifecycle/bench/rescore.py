"""``rescore``: everybody judged anew, after a refit and after a change of policy, beside plain UPDATEs.

Ours fits the shop and walks through all buyers, then walks through everybody with a new policy. The floor is two
statements that set the same columns of the same rows to constants, and none that reads an order. Previews, which write
nothing, are not counted, but printed. Each round has fresh copies of the shop, so both meet the same tables.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from statistics import median

from django.db import connection

from saleor_lifecycle.actions import fits, rescorings
from saleor_lifecycle.domain.policies import policy_document
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY
from saleor_lifecycle.models import Customer, Installation, Rescoring
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.folding import LOSS_COLUMNS, SCORE_COLUMNS
from saleor_lifecycle.tasks import fits as fitting
from saleor_lifecycle.tasks import rescorings as walking

from .outcome import Measured, Outcome, at_most
from .population import NOW
from .shops import Shops
from .side import Side
from .surroundings import Unfit

AIM = 1.5
ROUNDS = 3
WORKERS = 2
CONSTANTS = {
    **dict.fromkeys(("first_order_day", "last_order_day"), "'2026-01-01'::date"),
    **dict.fromkeys(("orders", "order_days", "before_u", "customer_u"), "1"),
    **dict.fromkeys(("loss_rung", "channel", "phase", "phase_reason", "band"), "'constant'"),
    "spent": """'{"EUR": "20.000"}'""",
    "sums": """'[["before", "account", 2900.5], ["customer", "order", 230.25]]'""",
}
"""What the floor writes; into any other column, a moment."""


def run(shops: Shops) -> Outcome:
    """Return what the rounds came to at each size. Raises Unfit."""
    measured, previews = [], {}
    for people in shops.sizes:
        one, preview = _measure(shops, people)
        measured.append(one)
        previews[f"previews_ms_at_{people}"] = round(preview * 1000)
    return at_most(AIM, "rescore", measured, {"rounds": ROUNDS, "workers": WORKERS, **previews})


def _measure(shops: Shops, people: int) -> tuple[Measured, float]:
    values, floors, previews, peaks = [], [], [], []
    for _ in range(ROUNDS):
        with shops.copy(people) as database_url, Side(f"{__name__}:by_constants", database_url) as hand:
            floors.append(hand.round())
        with shops.copy(people) as database_url, Side(f"{__name__}:ours", database_url) as app:
            values.append(app.round())
            previews.append(app.round())
            peaks.append(app.peak_mb)
    return Measured(people, values, floors, max(peaks)), median(previews)


def ours() -> Iterator[float]:
    """Yield the seconds that the app takes for both, then those of both previews."""
    with ThreadPoolExecutor(WORKERS) as workers:
        took, previewed = _both(workers)
    yield took
    yield previewed


def _both(workers: Executor) -> tuple[float, float]:
    with within(1):
        Installation.objects.filter(pk=1).update(applies_refits=False)
        fits.ask(1, NOW)
    begun = time.perf_counter()
    fit = fitting.run(1, NOW)
    fitted = time.perf_counter() - begun
    if fit is None or fit.parameters() is None:
        raise Unfit("the shop could not be fitted")
    refit, seen = _carry_out(workers)
    with within(1):
        installation = Installation.objects.select_related("policy").get(pk=1)
        before = replace(DEFAULT_POLICY.before, half_life_days=5.0)
        customer = replace(DEFAULT_POLICY.customer, half_life_days=60.0)
        policy = replace(DEFAULT_POLICY, before=before, customer=customer)
        rescorings.propose_policy(installation, policy_document(policy), NOW)
    changed, seen_again = _carry_out(workers)
    return fitted + refit + changed, seen + seen_again


def _carry_out(workers: Executor) -> tuple[float, float]:
    """Preview and apply what is proposed; return the seconds that the applying took, and the preview."""
    begun = time.perf_counter()
    _walk(workers)
    previewed = time.perf_counter() - begun
    with within(1):
        proposed = Rescoring.objects.get(state=Rescoring.State.PROPOSED)
        rescorings.apply(1, proposed.pk, NOW)
    begun = time.perf_counter()
    _walk(workers)
    seconds = time.perf_counter() - begun
    with within(1):
        if Rescoring.objects.get(pk=proposed.pk).state != Rescoring.State.APPLIED:
            raise Unfit("the rescoring did not come to its end")
    return seconds, previewed


def _walk(workers: Executor) -> None:
    for worker in [workers.submit(_work) for _ in range(WORKERS)]:
        worker.result()


def _work() -> None:
    while walking.work(1, 60.0, clock=lambda: NOW):
        pass


def by_constants() -> Iterator[float]:
    """Yield the seconds of both UPDATEs."""
    begun = time.perf_counter()
    with within(1), connection.cursor() as cursor:
        cursor.execute(_update((*LOSS_COLUMNS, "phase_since")) + " AND loss_at IS NOT NULL", {"now": NOW})
    with within(1), connection.cursor() as cursor:
        cursor.execute(_update((*SCORE_COLUMNS, "phase_since", "policy_id")), {"now": NOW})
        everybody = cursor.rowcount
    seconds = time.perf_counter() - begun
    with within(1):
        if everybody != Customer.objects.count():
            raise Unfit(f"only {everybody} customers were written")
    yield seconds


def _update(columns: tuple[str, ...]) -> str:
    values = {**CONSTANTS, "policy_id": "policy_id"}
    settings = ", ".join(f"{column} = {values.get(column, '%(now)s')}" for column in columns)
    return f"UPDATE lifecycle_customer SET {settings} WHERE installation_id = 1 AND merged_into_id IS NULL"

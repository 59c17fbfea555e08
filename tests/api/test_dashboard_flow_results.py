"""What a flow brought, against those held out, as the dashboard schema answers it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.domain.profile import OrderRow
from saleor_lifecycle.models import Flow, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.api.conftest import Ask
from tests.passages import enter, report

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LIFT = "verdict treated heldOut treatedConverted heldOutConverted relative relativeLow relativeHigh weeks"
RESULTS = f"""query ($key: String!) {{ flow(key: $key) {{ results {{ since windowSeconds
    entered waiting finished exited failed heldOut sent delivered clicked conversion {{ {LIFT} }}
    amounts {{ treated {{ amount currency }} heldOut {{ amount currency }} lift {{ {LIFT} }} }}
    attributed {{ orders revenue {{ amount currency }} }} }} }} }}"""
COST = (
    """query ($key: String!) { flow(key: $key) { holdout { share people conversions revenue { amount currency } } } }"""
)
CREATE = 'mutation ($document: JSON) { flowCreate(key: "two", document: $document) { errors { message } } }'
PUBLISH = 'mutation ($draftAt: DateTime!) { flowPublish(key: "two", draftAt: $draftAt) { errors { message } } }'
PAID = OrderRow(datetime(2026, 1, 1, tzinfo=UTC), "FULFILLED", "FULL", Decimal(20), Decimal(0), Decimal(20), "EUR")


@pytest.fixture
def since(installation: Installation, now: datetime) -> datetime:
    """When the cart flow was switched on."""
    at = now - 60 * DAY
    with within(installation.pk):
        Flow.objects.update(switched_on_at=at)
    return at


def asked(ask: Ask, query: str, key: str = "abandoned-cart") -> dict[str, Any]:
    answer: dict[str, Any] = ask(query, key=key)["flow"]
    return answer


def bought(at: datetime, total: str = "20") -> OrderRow:
    return replace(PAID, created_at=at, total=Decimal(total))


def test_counts_people_and_messages_since_it_was_switched_on(
    ask: Ask, installation: Installation, since: datetime
) -> None:
    with within(installation.pk):
        enter(installation, [since - DAY])
        report(enter(installation, [since + DAY], [bought(since + 3 * DAY)]), since + 2 * DAY, ("m", "delivered", ""))
        enter(installation, [since + DAY], [bought(since + 2 * DAY, "9.5")], "holdout")
        for state in ("waiting", "exited", "failed"):
            enter(installation, [since + DAY], state=state)
    found = asked(ask, RESULTS)["results"]
    conversion, amounts, attributed = found.pop("conversion"), found.pop("amounts"), found.pop("attributed")
    assert found == {
        "since": since.isoformat(),
        "windowSeconds": 14 * 86400,
        "entered": 5,
        "waiting": 1,
        "finished": 2,
        "exited": 1,
        "failed": 1,
        "heldOut": 1,
        "sent": 1,
        "delivered": 1,
        "clicked": 0,
    }
    assert (conversion["treated"], conversion["treatedConverted"]) == (4, 1)
    assert (conversion["heldOut"], conversion["heldOutConverted"]) == (1, 1)
    assert (conversion["verdict"], conversion["relative"]) == ("NOT_ENOUGH_YET", None)
    (euros,) = amounts
    assert euros["treated"] == {"amount": "20.00", "currency": "EUR"}
    assert euros["heldOut"] == {"amount": "9.50", "currency": "EUR"}
    assert [(one["orders"], Decimal(one["revenue"]["amount"])) for one in attributed] == [(1, Decimal(20))]


def test_enough_people_have_a_lift_with_its_interval(ask: Ask, installation: Installation, since: datetime) -> None:
    with within(installation.pk):
        for arm, buyers in (("treated", 90), ("holdout", 30)):
            for number in range(100):
                enter(installation, [since + DAY], [bought(since + 2 * DAY)] if number < buyers else [], arm)
    conversion = asked(ask, RESULTS)["results"]["conversion"]
    assert conversion["verdict"] == "BRINGS"
    assert conversion["relative"] == pytest.approx(2.0)
    assert 0 < conversion["relativeLow"] < 2 < conversion["relativeHigh"]


def test_a_flow_without_a_version_has_no_results_and_costs_nothing(ask: Ask, installation: Installation) -> None:
    with within(installation.pk):
        Flow.objects.create(installation=installation, key="unwritten")
    assert asked(ask, RESULTS, "unwritten") == {"results": None}
    assert asked(ask, COST, "unwritten") == {"holdout": None}


def test_a_flow_that_is_off_counts_from_its_first_version(
    ask: Ask, installation: Installation, since: datetime, now: datetime
) -> None:
    with within(installation.pk):
        Flow.objects.update(is_on=False, switched_on_at=None)
    assert asked(ask, RESULTS)["results"]["since"] == now.isoformat()


def test_the_holdout_costs_at_most_what_the_treated_bring(
    ask: Ask, installation: Installation, since: datetime, now: datetime
) -> None:
    with within(installation.pk):
        flow = Flow.objects.select_related("version").get(key="abandoned-cart")
        assert flow.version
        share = flow.version.value().document.holdout
        for number in range(8):
            enter(installation, [now - 20 * DAY], [bought(now - 19 * DAY)] if number < 4 else [])
    cost = asked(ask, COST)["holdout"]
    assert cost["share"] == pytest.approx(share)
    assert cost["people"] == pytest.approx(2 * share)  # 8 in four weeks
    assert cost["conversions"] == pytest.approx(share)
    assert [one["currency"] for one in cost["revenue"]] == ["EUR"]


def test_of_what_nobody_has_been_through_no_cost_in_orders_is_told(ask: Ask, since: datetime) -> None:
    cost = asked(ask, COST)["holdout"]
    assert (cost["people"], cost["conversions"], cost["revenue"]) == (0, None, [])


@pytest.mark.parametrize(("language", "said"), [("en", "2 or more orders"), ("es", "2 pedidos o más")])
def test_its_rules_are_told_in_words_by_their_paths(
    ask: Ask, installation: Installation, now: datetime, language: str, said: str
) -> None:
    add_ready_templates(installation.pk, now)
    document = {
        "schema_version": 2,
        "topic": "cart",
        "trigger": {"kind": "manual"},
        "steps": [
            {
                "key": "which",
                "kind": "branch",
                "cases": [
                    {
                        "when": {"kind": "compare", "fact": "orders", "op": ">=", "value": 2},
                        "then": [{"key": "mail", "kind": "send", "template": "abandoned-cart-1"}],
                    }
                ],
            }
        ],
    }
    ask(CREATE, document=document)
    draft = ask('{ flow(key: "two") { draftAt faults { path message } } }')["flow"]
    assert draft["faults"] == []
    assert ask(PUBLISH, draftAt=draft["draftAt"])["flowPublish"]["errors"] == []
    rules = ask(f'{{ flow(key: "two") {{ rules(language: "{language}") {{ path words }} }} }}')["flow"]["rules"]
    assert [one["path"] for one in rules] == ["steps[0].cases[0].when"]
    assert said in rules[0]["words"]

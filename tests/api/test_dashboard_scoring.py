from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.models import Customer, Fit, Installation, PolicyVersion, Rescoring
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import nudge
from saleor_lifecycle.tasks.rescorings import work
from tests.api.conftest import Ask
from tests.facts import ADA, account, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SHOWN = "id kind state percent customers moves { before after customers } policyVersion"
PROPOSE = f"""mutation ($input: PolicyInput!) {{ policyPropose(input: $input) {{
    rescoring {{ {SHOWN} }} errors {{ field message code }} }} }}"""
SETTLE = f"""mutation ($id: ID!) {{ rescoring%s(id: $id) {{ rescoring {{ {SHOWN} }} errors {{ field code }} }} }}"""


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.scoring.nudge", lambda *one: told.append(one))
    return told


def fit(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        new = Fit.objects.create(
            **{"installation": installation, "number": 1, "day": now.date(), "rung": "shop-fit", "created_at": now},
            **{"r": 0.64, "alpha": 51.0, "a": 0.81, "b": 1.23, "silences": [625.0, 170.0, 20.5]},
            **{"buyers": 400, "reorderers": 200},
        )
        Installation.objects.update(fit=new)


def test_the_policy_is_shown_with_its_fit(ask: Ask, installation: Installation, now: datetime) -> None:
    shown = """version theta before { halfLifeDays weights { kind weight } } appliesRefits nextRefitAt
        loss { share setDays perChannel { channel days } } fit { day rung reason r alpha silences buyers reorderers }"""
    assert ask(f"{{ policy {{ {shown} }} }}")["policy"] == {
        "version": 1,
        "theta": 10.0,
        "before": {
            "halfLifeDays": 7.0,
            "weights": [
                {"kind": "ACCOUNT", "weight": 4.0},
                {"kind": "CART", "weight": 12},
                {"kind": "CLICK", "weight": 5},
            ],
        },
        "appliesRefits": True,
        "nextRefitAt": "2026-03-16T04:00:00+00:00",
        "loss": {"share": 1 / 3, "setDays": None, "perChannel": []},
        "fit": None,
    }
    fit(installation, now)
    assert ask(f"{{ policy {{ {shown} }} }}")["policy"]["fit"] == {
        "day": "2026-03-11", "rung": "shop-fit", "reason": "", "r": 0.64, "alpha": 51.0,
        "silences": [180.0, 170.0, 30.0], "buyers": 400, "reorderers": 200,
    }, "within the policy's bounds"  # fmt: skip


def test_a_proposal_is_counted_then_applied(
    ask: Ask, installation: Installation, now: datetime, nudged: list[tuple[str, int]]
) -> None:
    tell(installation, [account(now), order(now - 20 * DAY)], now)
    loss = {"setDays": 10, "perChannel": [{"channel": "other", "days": 20}]}
    answer = ask(PROPOSE, input={"theta": 12, "loss": loss})["policyPropose"]
    assert answer["errors"] == []
    assert (answer["rescoring"]["state"], answer["rescoring"]["policyVersion"]) == ("PREVIEWING", 2)
    assert nudged == [(nudge.RESCORE, installation.pk)]
    work(installation.pk, 60, clock=lambda: now)
    proposed = ask(f"{{ rescoring {{ {SHOWN} }} }}")["rescoring"]
    assert proposed == {
        "id": answer["rescoring"]["id"], "kind": "POLICY", "state": "PROPOSED", "percent": 100.0, "customers": 1,
        "moves": [{"before": "RETENTION", "after": "LOSS", "customers": 1}], "policyVersion": 2,
    }  # fmt: skip
    assert ask("{ policy { version } }")["policy"] == {"version": 1}
    applied = ask(SETTLE % "Apply", id=proposed["id"])["rescoringApply"]
    assert (applied["rescoring"]["state"], applied["errors"]) == ("APPLYING", [])
    work(installation.pk, 60, clock=lambda: now)
    assert ask("{ policy { version theta loss { setDays } } }")["policy"] == {
        "version": 2, "theta": 12.0, "loss": {"setDays": 10.0},
    }  # fmt: skip
    with within(installation.pk):
        assert Customer.objects.get(identities__value=ADA).phase == "loss"


@pytest.mark.parametrize(
    ("input", "field"),
    [
        ({"theta": 0}, "theta"),
        ({"loss": {"setDays": 0}}, "loss.setDays"),
        ({"loss": {"perChannel": [{"channel": "Shop_es-2_b", "days": 0}]}}, "loss.perChannel.Shop_es-2_b"),
        ({"before": {"halfLifeDays": 99999}}, "before.halfLifeDays"),
        ({"customer": {"weights": [{"kind": "MESSAGE", "weight": 1}]}}, "customer.weights.message"),
    ],
)
def test_what_cannot_be_is_refused_and_not_stored(
    ask: Ask, installation: Installation, input: dict[str, Any], field: str, nudged: list[tuple[str, int]]
) -> None:
    answer = ask(PROPOSE, input=input)["policyPropose"]
    assert answer["rescoring"] is None
    assert [(error["field"], error["code"]) for error in answer["errors"]] == [(field, "INVALID")]
    with within(installation.pk):
        assert (PolicyVersion.objects.count(), Rescoring.objects.count(), nudged) == (1, 0, [])


def test_one_that_is_not_there_is_not_applied(ask: Ask, installation: Installation, now: datetime) -> None:
    ask(PROPOSE, input={"theta": 12})
    for id in ("1234567", "nothing"):
        answer = ask(SETTLE % "Apply", id=id)["rescoringApply"]
        assert answer == {"rescoring": None, "errors": [{"field": "id", "code": "INVALID"}]}
    with within(installation.pk):
        row = Rescoring.objects.get()
    discarded = ask(SETTLE % "Discard", id=str(row.pk))["rescoringDiscard"]
    assert discarded["rescoring"]["state"] == "DISCARDED"


def test_refits_wait_where_the_merchant_wants_it(ask: Ask, installation: Installation) -> None:
    question = "mutation { refitSettingsUpdate(automatic: false) { policy { appliesRefits } errors { code } } }"
    assert ask(question)["refitSettingsUpdate"] == {"policy": {"appliesRefits": False}, "errors": []}
    with within(installation.pk):
        assert not Installation.objects.get(pk=installation.pk).applies_refits


def test_a_buyer_has_an_outlook_where_there_is_a_fit(ask: Ask, installation: Installation, now: datetime) -> None:
    asked = f"""{{ customer(userId: "{ADA}") {{ lossRung nextOrderAt
        chanceWithin30Days chanceWithin90Days expectedOrders90Days }} }}"""
    tell(installation, [account(now), order(now - 20 * DAY)], now)
    assert ask(asked)["customer"] == {
        "lossRung": "fixed-40-90-180", "nextOrderAt": None, "chanceWithin30Days": None, "chanceWithin90Days": None,
        "expectedOrders90Days": None,
    }  # fmt: skip
    fit(installation, now)
    tell(installation, [order(now, "second")], now)
    found = ask(asked)["customer"]
    assert found["lossRung"] == "shop-fit"
    assert datetime.fromisoformat(found["nextOrderAt"]) > now
    assert 0 < found["chanceWithin30Days"] < found["chanceWithin90Days"] < 1
    assert found["chanceWithin90Days"] < found["expectedOrders90Days"]

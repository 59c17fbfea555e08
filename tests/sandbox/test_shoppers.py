from dataclasses import replace
from pathlib import Path
from typing import Any

from saleor_lifecycle.sandbox.records import Checkout, Order, User, Variant
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from saleor_lifecycle.sandbox.shoppers import run_script, script


def _end_state(sandbox: Sandbox) -> dict[str, Any]:
    """What a script leaves, without what differs from run to run: ids and times."""
    shop = sandbox.shop
    skus = {variant.id: variant.sku for variant in shop.all(Variant)}
    return {
        "users": sorted((u.email, u.is_confirmed, str(u.metadata)) for u in shop.all(User)),
        "carts": sorted(
            (
                str(c.email),
                c.language_code,
                str(c.metadata),
                [(skus[n.variant_id], n.quantity) for n in c.lines],
            )
            for c in shop.all(Checkout)
        ),
        "orders": sorted(
            (o.number, str(o.user_email), o.status, o.charged, o.refunded, o.total) for o in shop.all(Order)
        ),
        "stock": [variant.stock for variant in shop.all(Variant)],
    }


def test_the_same_seed_leaves_the_same_shop(options: Options, tmp_path: Path) -> None:
    states, steps = [], []
    for name in ("one", "two"):
        with running(replace(options, data=tmp_path / name)) as sandbox:
            steps.append(run_script(sandbox.api_url, seed=7, shoppers=12))
            states.append(_end_state(sandbox))

    assert steps[0] == steps[1]
    assert states[0] == states[1]


def test_another_seed_gives_other_lives() -> None:
    assert script(1, 5) != script(2, 5)


def test_each_life_keeps_its_own_order() -> None:
    steps = script(3, 20)
    for person in {step.person for step in steps}:
        verbs = [step.verb for step in steps if step.person == person]
        assert verbs[0] == ("register" if person.has_account else "open cart")


def test_many_lives_hold_every_kind_of_step() -> None:
    verbs = {step.verb for step in script(1, 200)}

    assert verbs == {
        "register", "confirm", "delete account", "open cart", "give e-mail", "consent", "add",
        "change quantity", "leave", "empty cart", "order paid", "order unpaid", "cancel order",
        "mark as paid", "fulfil", "refund",
    }  # fmt: skip


def test_a_long_script_is_never_refused(sandbox: Sandbox) -> None:
    assert run_script(sandbox.api_url, seed=1, shoppers=60) == script(1, 60)

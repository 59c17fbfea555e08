"""Flow documents: a small one that is in order, and generated ones."""

from typing import Any

from hypothesis import strategies as some

CART = {"kind": "cart_idle", "idle": "PT30M"}
WAIT = {"key": "wait", "kind": "wait", "duration": "PT1H"}
SEND = {"key": "send", "kind": "send", "template": "abandoned-cart-1"}
VISITED = {"kind": "happened", "event": "visited"}


def document(*steps: Any, **values: Any) -> dict[str, Any]:
    """Return a document that can be published, with other values; steps are a wait and a message."""
    return {"schema_version": 2, "topic": "cart", "trigger": CART, "steps": list(steps or (WAIT, SEND)), **values}


def step(kind: str, **fields: Any) -> dict[str, Any]:
    """Return a document that begins with such a step."""
    return document({"key": "it", "kind": kind, **fields}, SEND)


def nested(depth: int) -> dict[str, Any]:
    """Return a document whose lists of steps stand in one another so deep."""
    inner: list[Any] = [SEND]
    for number in range(depth - 1):
        inner = [{"key": f"s{number}", "kind": "branch", "cases": [{"when": VISITED, "then": inner}]}]
    return document(*inner)


def anchored(key: str, duration: str) -> dict[str, Any]:
    """Return a wait that counts from the anchor."""
    return {"key": key, "kind": "wait", "duration": duration, "since": "anchor"}


def _durations() -> some.SearchStrategy[str]:
    days = some.integers(1, 400).map(lambda number: f"P{number}D")
    return days | some.integers(1, 59).map(lambda number: f"PT{number}M")


def _rules() -> some.SearchStrategy[dict[str, Any]]:
    leaf = some.fixed_dictionaries(
        {"kind": some.just("happened"), "event": some.sampled_from(["visited", "order_placed"])},
        optional={"within": _durations(), "since_entry": some.booleans()},
    ) | some.fixed_dictionaries(
        {"kind": some.just("compare"), "fact": some.just("orders"), "op": some.just(">"), "value": some.integers(0, 9)}
    )
    return some.recursive(
        leaf,
        lambda inner: (
            some.fixed_dictionaries({"kind": some.just("not"), "rule": inner})
            | some.fixed_dictionaries(
                {"kind": some.sampled_from(["all", "any"]), "rules": some.lists(inner, min_size=1, max_size=3)}
            )
        ),
        max_leaves=4,
    )


def _steps() -> some.SearchStrategy[list[dict[str, Any]]]:
    def of(kind: str, **fields: some.SearchStrategy[Any]) -> some.SearchStrategy[dict[str, Any]]:
        return some.fixed_dictionaries({"key": some.just(""), "kind": some.just(kind), **fields})

    weekdays = some.lists(some.integers(1, 7), unique=True, max_size=3)
    leaf = some.one_of(
        of("wait", duration=_durations()),
        of("wait_for_time", at=some.just("09:30:00"), weekdays=weekdays, usual=some.booleans()),
        of("send", template=some.sampled_from(["abandoned-cart-1", "abandoned-cart-2"])),
        of("send", template=some.just("abandoned-cart-3"), channels=some.just(["sms", "email"])),
        of("tag", tag=some.sampled_from(["vip", "día D"])),
        of("webhook", event=some.just("flow.reached")),
        of("notify_staff", text=some.just("Mira esto")),
        of("exit", reason=some.just("enough")),
    )

    def around(inner: some.SearchStrategy[list[dict[str, Any]]]) -> some.SearchStrategy[list[dict[str, Any]]]:
        case = some.fixed_dictionaries({"when": _rules(), "then": inner})
        share = some.fixed_dictionaries({"weight": some.integers(1, 40), "then": inner})
        nest = some.one_of(
            of("branch", cases=some.lists(case, min_size=1, max_size=2), otherwise=inner),
            of("split", shares=some.lists(share, min_size=2, max_size=3)),
            of("wait_for", rule=_rules(), at_most=_durations(), then=inner, otherwise=inner),
        )
        return some.lists(leaf | nest, max_size=3)

    return some.recursive(some.lists(leaf, max_size=3), around, max_leaves=6)


def documents() -> some.SearchStrategy[dict[str, Any]]:
    """Generate documents that can be published."""
    triggers = some.sampled_from(
        [
            CART,
            {"kind": "event", "event": "order_placed", "where": VISITED},
            {"kind": "phase_entered", "phase": "loss"},
            {"kind": "date", "date": "loss_at", "offset": "-P7D", "at": "10:00:00"},
            {"kind": "schedule", "at": "08:00:00", "weekdays": [1, 5]},
            {"kind": "manual"},
        ]
    )
    made = some.fixed_dictionaries(
        {"schema_version": some.just(2), "topic": some.just("cart"), "trigger": triggers, "steps": _steps()},
        optional={
            "entry": some.fixed_dictionaries({"where": _rules()}, optional={"existing_per_hour": some.integers(1, 9)}),
            "exits": some.lists(some.fixed_dictionaries({"reason": some.just("gone"), "when": _rules()}), max_size=2),
            "exits_on_order": some.booleans(),
            "holdout": some.sampled_from([0.0, 0.25, 0.5]),
            "priority": some.integers(0, 100),
            "goal": some.fixed_dictionaries({"event": some.just("order_placed"), "within": _durations()}),
        },
    )
    return made.map(_named)


def _named(made: dict[str, Any]) -> dict[str, Any]:
    """Give each step a key of its own, and the flow something to do."""
    count = 0

    def name(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        nonlocal count
        named = []
        for step in steps:
            count += 1
            inner = {key: name(step[key]) for key in ("then", "otherwise") if key in step}
            for several in ("cases", "shares"):
                if several in step:
                    inner[several] = [one | {"then": name(one["then"])} for one in step[several]]
            named.append(step | inner | {"key": f"step-{count}"})
            count += 1
        return named

    return made | {"steps": [*name(made["steps"]), SEND]}

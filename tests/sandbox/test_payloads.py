"""The app's own documents against a whole shop's life: what arrives is complete and without errors."""

import json
import re
from pathlib import Path
from typing import Any

from saleor_lifecycle.sandbox.apps import install
from saleor_lifecycle.sandbox.events import EVENTS
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Sandbox
from saleor_lifecycle.sandbox.shoppers import run_script

GRAPHQL = Path(__file__).parents[2] / "graphql" / "saleor"


def _webhooks(url: str) -> list[dict[str, Any]]:
    """One webhook for each subscription document, for the events that it names."""
    names = {kind.typename: name for name, kind in EVENTS.items()}
    return [
        {
            "name": path.stem,
            "targetUrl": f"{url}/hook",
            "query": _with_fragments(path.read_text()),
            "asyncEvents": [names[t] for t in re.findall(r"\.\.\. on (\w+)", path.read_text()) if t in names],
        }
        for path in sorted((GRAPHQL / "subscriptions").glob("*.graphql"))
    ]


def _with_fragments(document: str) -> str:
    for path in sorted((GRAPHQL / "fragments").glob("*.graphql")):
        name = re.search(r"fragment (\w+)", text := path.read_text())
        if name and f"...{name[1]}" in document:
            document += text
    return document


def test_arrive_without_errors(sandbox: Sandbox, app: Any, eventually: Any) -> None:
    app.manifest["webhooks"] = _webhooks(app.url)
    record = install(sandbox.shop, f"{app.url}/manifest", check_query)
    run_script(sandbox.api_url, seed=4, shoppers=40)
    eventually(lambda: "PENDING" not in sandbox.deliveries.report()["totals"])

    bodies = [json.loads(body) for _, body in app.deliveries()]
    assert [body["errors"] for body in bodies if "errors" in body] == []
    assert {body["recipient"]["id"] for body in bodies} == {record.id}
    assert {
        "CheckoutCreated", "CheckoutUpdated", "CheckoutMetadataUpdated", "CheckoutFullyPaid", "CustomerCreated",
        "CustomerUpdated", "CustomerDeleted", "FulfillmentCreated", "OrderCancelled", "OrderConfirmed",
        "OrderCreated", "OrderFulfilled", "OrderFullyPaid", "OrderPaid", "OrderFullyRefunded", "OrderUpdated",
    } <= {body["__typename"] for body in bodies}  # fmt: skip


def test_a_deleted_customer_is_named_in_full(sandbox: Sandbox, app: Any, eventually: Any) -> None:
    app.manifest["webhooks"] = _webhooks(app.url)
    install(sandbox.shop, f"{app.url}/manifest", check_query)
    steps = run_script(sandbox.api_url, seed=4, shoppers=40)
    gone = {step.person.email for step in steps if step.verb == "delete account"}
    eventually(lambda: "PENDING" not in sandbox.deliveries.report()["totals"])

    bodies = [json.loads(body) for _, body in app.deliveries("CUSTOMER_DELETED")]
    assert gone
    assert {body["user"]["email"] for body in bodies} == gone

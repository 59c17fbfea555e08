"""What an app tells staff of itself, as in Saleor."""

from typing import Any

import pytest

from saleor_lifecycle.sandbox.records import App
from saleor_lifecycle.sandbox.server import Sandbox

CREATE = """mutation ($input: AppProblemCreateInput!) { appProblemCreate(input: $input) { errors { field code } } }"""
DISMISS = """mutation ($keys: [String!]) { appProblemDismiss(input: {byApp: {keys: $keys}}) { errors { code } } }"""


def told(sandbox: Sandbox, app: App) -> dict[str, str]:
    found = sandbox.shop.get(App, app.id)
    assert found is not None
    return dict(found.problems)


def test_an_app_tells_and_takes_back(sandbox: Sandbox, installed: App, ask: Any) -> None:
    for key, message in (("one", "It is broken."), ("two", "Also."), ("one", "It is worse.")):
        answer = ask(CREATE, installed.token, input={"key": key, "message": message, "criticalThreshold": 1})
        assert answer["data"]["appProblemCreate"]["errors"] == []
    assert told(sandbox, installed) == {"one": "It is worse.", "two": "Also."}
    assert ask(DISMISS, installed.token, keys=["one", "none"])["data"]["appProblemDismiss"]["errors"] == []
    assert told(sandbox, installed) == {"two": "Also."}


@pytest.mark.parametrize(
    ("given", "field"),
    [({"key": "ab"}, "key"), ({"key": "x" * 129}, "key"), ({"message": "no"}, "message")],
)
def test_what_is_too_short_or_too_long_is_refused(
    given: dict[str, str], field: str, sandbox: Sandbox, installed: App, ask: Any
) -> None:
    answer = ask(CREATE, installed.token, input={"key": "one", "message": "It is broken."} | given)
    assert answer["data"]["appProblemCreate"]["errors"] == [{"field": field, "code": "INVALID"}]
    assert told(sandbox, installed) == {}


def test_nobody_but_an_app_tells(sandbox: Sandbox, installed: App, ask: Any) -> None:
    answer = ask(CREATE, None, input={"key": "one", "message": "It is broken."})
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert told(sandbox, installed) == {}

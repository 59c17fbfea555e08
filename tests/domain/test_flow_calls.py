from typing import Any

import pytest

from saleor_lifecycle.domain.flow_calls import FlowCall, FlowCallError, read_call


def test_a_call_names_a_customer_and_what_came_along() -> None:
    given = {"email": "Ada@Example.com", "key": "7", "properties": {"plan": "gold", "seats": 3, "is_new": True}}
    assert read_call(given) == FlowCall("ada@example.com", "", "7", {"plan": "gold", "seats": 3, "is_new": True})
    assert read_call({"user_id": "VXNlcjox"}) == FlowCall("", "VXNlcjox", "", {})


@pytest.mark.parametrize(
    ("case", "given", "field"),
    [
        ("no object", ["ada@example.com"], ""),
        ("nobody", {"key": "7"}, "email"),
        ("two at once", {"email": "ada@example.com", "user_id": "VXNlcjox"}, "email"),
        ("no address", {"email": "ada"}, "email"),
        ("no id", {"user_id": "a b"}, "user_id"),
        ("another field", {"email": "ada@example.com", "phone": "1"}, "phone"),
        ("a number for a key", {"email": "ada@example.com", "key": 7}, "key"),
        ("a long key", {"email": "ada@example.com", "key": "7" * 201}, "key"),
        ("a NUL", {"email": "ada@example.com", "key": "\0"}, "key"),
        ("half a character", {"email": "ada@example.com", "key": "\ud800"}, "key"),
        ("a list of properties", {"email": "ada@example.com", "properties": []}, "properties"),
        ("too many", {"email": "ada@example.com", "properties": {f"p{n}": 1 for n in range(51)}}, "properties"),
        ("a strange name", {"email": "ada@example.com", "properties": {"a b": 1}}, "properties"),
        ("a nested value", {"email": "ada@example.com", "properties": {"a": {}}}, "properties.a"),
        ("null", {"email": "ada@example.com", "properties": {"a": None}}, "properties.a"),
        ("no number", {"email": "ada@example.com", "properties": {"a": float("nan")}}, "properties.a"),
        ("a long text", {"email": "ada@example.com", "properties": {"a": "x" * 501}}, "properties.a"),
    ],
)
def test_what_is_wrong_is_said_without_what_stood_there(case: str, given: Any, field: str) -> None:
    with pytest.raises(FlowCallError) as refused:
        read_call(given)
    assert refused.value.field == field
    assert "ada" not in refused.value.text

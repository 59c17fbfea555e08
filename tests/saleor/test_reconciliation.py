from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.saleor import legacy
from saleor_lifecycle.saleor.reconciliation import Change, FoundWebhook, Webhook, desired, plan, switched_off
from saleor_lifecycle.saleor.versions import read_version
from tests.saleor.sdl import SERVED

URL = "https://lifecycle.example/api/webhooks/saleor"
A = Webhook("lifecycle a", URL, frozenset({"ORDER_CREATED"}), "subscription { a }", "lifecycle.a")
B = Webhook("lifecycle b", URL, frozenset({"ORDER_UPDATED"}), "subscription { b }", "lifecycle.b")
BARE = Webhook("lifecycle bare", URL, frozenset({"CUSTOMER_DELETED"}), "", headers=(("x-lifecycle-recipient", "s"),))
FOREIGN = Webhook("somebody's", "https://else.example", frozenset({"ORDER_PAID"}), "subscription { c }")


def found(webhook: Webhook, id: str = "1", is_active: bool = True) -> FoundWebhook:
    return FoundWebhook(id, is_active, webhook)


def told(*changes: Change) -> list[str]:
    return [f"{change} {change.found.id if change.found else ''}".strip() for change in changes]


@pytest.mark.parametrize(
    ("case", "wanted", "there", "changes"),
    [
        ("nothing to do", [A], [found(A)], []),
        ("spaces in a query", [A], [found(replace(A, query="subscription {\n  a\n}"))], []),
        ("a missing one", [A, B], [found(A)], ["create lifecycle b"]),
        ("one too many", [A], [found(A), found(B, "2")], ["delete lifecycle b 2"]),
        ("another's", [A], [found(A), found(FOREIGN, "2")], []),
        ("an older query", [A], [found(replace(A, query="{ x }"))], ["update lifecycle a (query) 1"]),
        (
            "moved, and other events",
            [A],
            [found(replace(A, target_url="https://old.example", events=frozenset()))],
            ["update lifecycle a (target_url, events) 1"],
        ),
        ("renamed by staff", [A], [found(replace(A, name="Ours"))], ["update lifecycle a (name) 1"]),
        ("from before identifiers", [A], [found(replace(A, identifier=None))], ["update lifecycle a (identifier) 1"]),
        ("a shop without identifiers", [replace(A, identifier=None)], [found(replace(A, identifier=None))], []),
        ("a shop that forgot identifiers", [replace(A, identifier=None)], [found(A)], []),
        ("made twice", [A], [found(A), found(A, "2")], ["delete lifecycle a 2"]),
        (
            "the identifier before the name",
            [A],
            [found(replace(A, identifier=None)), found(replace(A, name="x"), "2")],
            ["update lifecycle a (name) 2", "delete lifecycle a 1"],
        ),
        ("names gone round", [A, B], [found(replace(A, name=B.name)), found(replace(B, name=A.name), "2")],
         ["update lifecycle a (name) 1", "update lifecycle b (name) 2"]),
        ("switched off", [A], [found(A, is_active=False)], []),
        ("switched off and old", [A], [found(replace(A, query="{ x }"), is_active=False)],
         ["update lifecycle a (query) 1"]),
        ("a sealed header that is no longer ours", [BARE], [found(replace(BARE, headers=()))],
         ["update lifecycle bare (headers) 1"]),
        ("a query where none may be", [BARE], [found(replace(BARE, query="{ x }"))],
         ["create lifecycle bare", "delete lifecycle bare 1"]),
        ("an upgrade to a Saleor with the type", [A], [found(A), found(BARE, "2")], ["delete lifecycle bare 2"]),
    ],
)  # fmt: skip
def test_plans(case: str, wanted: list[Webhook], there: list[FoundWebhook], changes: list[str]) -> None:
    assert told(*plan(wanted, there)) == changes, case


def carried_out(there: list[FoundWebhook], changes: tuple[Change, ...]) -> list[FoundWebhook]:
    """What the shop has afterwards."""
    after = {one.id: one for one in there}
    for number, change in enumerate(changes):
        if change.found is None:
            assert change.wanted
            after[f"new {number}"] = FoundWebhook(f"new {number}", True, change.wanted)
        elif change.wanted is None:
            del after[change.found.id]
        else:
            kept = change.found.webhook
            changed = replace(
                change.wanted,
                identifier=change.wanted.identifier or kept.identifier,  # not given, so it stays
                query=change.wanted.query or kept.query,  # Saleor overlooks an empty one
            )
            after[change.found.id] = replace(change.found, webhook=changed)
    return list(after.values())


versions = st.sampled_from([*SERVED, "3.23.22", "3.23.23", "3.30"])
mine = st.sampled_from([A, B, BARE, FOREIGN, *desired("https://x.example", "a", read_version("3.21"))])
garbled = st.builds(
    replace,
    mine,
    name=st.sampled_from(["lifecycle a", "lifecycle app", legacy.NAME, "", "x"]),
    query=st.sampled_from(["", "{ x }"]),
    identifier=st.sampled_from([None, "lifecycle.app", "lifecycle.orders", "y"]),
)
shops = st.lists(st.tuples(st.one_of(mine, garbled), st.booleans()), max_size=12).map(
    lambda held: [FoundWebhook(str(number), is_active, one) for number, (one, is_active) in enumerate(held)]
)


@given(there=shops, version=versions)
def test_leaves_nothing_to_do(there: list[FoundWebhook], version: str) -> None:
    wanted = desired("https://lifecycle.example", "QXBwOjE=", read_version(version))
    after = carried_out(there, plan(wanted, there))
    assert plan(wanted, after) == ()
    assert [one for one in there if not one.is_ours and one.webhook.identifier is None] == [
        one for one in after if one in there and not one.is_ours and one.webhook.identifier is None
    ]


@given(there=shops, version=versions)
def test_switches_nothing_on(there: list[FoundWebhook], version: str) -> None:
    wanted = desired("https://lifecycle.example", "QXBwOjE=", read_version(version))
    after = carried_out(there, plan(wanted, there))
    was = {one.id: one.is_active for one in there}
    assert all(one.is_active == was[one.id] for one in after if one.id in was)


def test_tells_what_staff_switched_off_but_not_of_others() -> None:
    there = [found(A, is_active=False), found(B), found(FOREIGN, is_active=False)]
    assert switched_off(there) == ("lifecycle a",)


@pytest.mark.parametrize(
    ("version", "count", "has_identifiers"),
    [("3.21.0", 8, False), ("3.22.40", 8, False), ("3.23.0", 7, False), ("3.23.22", 7, False), ("3.23.23", 7, True),
     ("3.24.0-a.0", 7, True)],
)  # fmt: skip
def test_wants_what_the_shop_can_have(version: str, count: int, has_identifiers: bool) -> None:
    wanted = desired("https://lifecycle.example/", "QXBwOjE=", read_version(version))
    assert len(wanted) == count
    assert {webhook.target_url for webhook in wanted} == {URL}
    assert all((webhook.identifier is not None) == has_identifiers for webhook in wanted)
    assert sum("CUSTOMER_DELETED" in webhook.events for webhook in wanted) == 1


def test_gives_the_webhook_without_a_query_a_header_that_names_the_app() -> None:
    (bare,) = (one for one in desired("https://x.example", "QXBwOjE=", read_version("3.22")) if not one.query)
    ((name, sealed),) = bare.headers
    assert name.startswith("x-")
    assert legacy.recipient(sealed) == "QXBwOjE="
    assert legacy.recipient(sealed.replace("QXBwOjE=", "QXBwOjI=")) is None

"""The app's own questions about customer attributes, against the sandbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from saleor_lifecycle.saleor.errors import PermissionMissing
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.projected import ProjectedCustomer
from saleor_lifecycle.sandbox import accounts
from saleor_lifecycle.sandbox.actors import NOBODY, Actor
from saleor_lifecycle.sandbox.attributes import PERMISSION, customer_types
from saleor_lifecycle.sandbox.records import App, Attribute, User
from saleor_lifecycle.sandbox.server import Sandbox


@pytest.fixture
def shop(sandbox: Sandbox, installed: App) -> Iterator[Shop]:
    """The sandbox as the app asks it, without the permission for attributes."""
    with Shop(sandbox.api_url, installed.token, allow_private=True, saleor_version="3.23.28") as shop:
        yield shop


@pytest.fixture
def granted(sandbox: Sandbox, installed: App, shop: Shop) -> Shop:
    with sandbox.shop.change(NOBODY) as change:
        change.put(replace(installed, permissions=(*installed.permissions, PERMISSION)))
    return shop


def customer(sandbox: Sandbox) -> User:
    user = accounts.register(sandbox.shop, NOBODY, "ann@example.com", "secret")
    assert user
    return user


def test_makes_the_attribute_once_hidden_from_storefronts(sandbox: Sandbox, granted: Shop) -> None:
    for _ in range(2):
        granted.prepare_phase_attribute()
    (attribute,) = sandbox.shop.all(Attribute)
    assert (attribute.name, attribute.visible_in_storefront) == ("Lifecycle phase", False)
    assert attribute.values["lifecycle.phase.loss"] == "In loss phase"
    assert [kind.attribute_ids for kind in customer_types(sandbox.shop)] == [(attribute.id,)]


def test_makes_nothing_without_the_permission(sandbox: Sandbox, shop: Shop) -> None:
    with pytest.raises(PermissionMissing):
        shop.prepare_phase_attribute()
    assert sandbox.shop.all(Attribute) == []


def test_a_customer_carries_the_phase(sandbox: Sandbox, granted: Shop) -> None:
    granted.prepare_phase_attribute()
    user = customer(sandbox)
    answer = granted.project_customers([ProjectedCustomer(user.id, {"lifecycle.phase": "sales"}, {}, "sales")])
    held = sandbox.shop.get(User, user.id)
    assert held
    assert held.attributes == {"lifecycle.phase": "lifecycle.phase.sales"}
    assert held.metadata == {"lifecycle.phase": "sales"}
    assert answer[user.id].updated_at == held.updated_at


def test_a_customer_whose_type_has_no_such_attribute_is_refused(sandbox: Sandbox, shop: Shop) -> None:
    user = customer(sandbox)
    answer = shop.project_customers([ProjectedCustomer(user.id, {}, {"lifecycle.phase": "sales"}, "sales")])
    assert answer[user.id].error == "INVALID"
    assert sandbox.shop.get(User, user.id) == user


def test_an_attribute_sends_an_event_also_when_it_stays(sandbox: Sandbox, granted: Shop, installed: App) -> None:
    granted.prepare_phase_attribute()
    user = customer(sandbox)
    rows = [(user.id, accounts.CustomerInput(attributes={"lifecycle.phase": "lifecycle.phase.sales"}))]
    events = []
    sandbox.shop.announce = lambda change: events.extend(one.event for one in change.occurrences) or ()
    app = Actor(app=sandbox.shop.get(App, installed.id))
    for _ in range(2):
        accounts.bulk_update(sandbox.shop, app, rows)
    assert events == ["CUSTOMER_UPDATED"] * 2

# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Users, and the mutations on accounts."""

from dataclasses import replace
from typing import Any

import graphene

from .. import accounts
from ..actors import Refused
from ..records import User as UserRecord
from .attributes import AttributeValueInput
from .context import context
from .enums import AccountErrorCode, CustomerBulkUpdateErrorCode, ErrorPolicy, LanguageCode, plain
from .filters import CustomerFilterInput, filtered
from .mutations import mutation
from .shared import (
    PAGING,
    DateTimeRangeInput,
    MetadataFilterInput,
    MetadataInput,
    Node,
    ObjectWithMetadata,
    StringFilterInput,
    connection,
    has_metadata,
    items,
    page,
    within,
)
from .sorting import UserSortingInput, sort_of


class User(graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    email = graphene.String(required=True)
    first_name = graphene.String(required=True)
    last_name = graphene.String(required=True)
    is_staff = graphene.Boolean(required=True)
    is_active = graphene.Boolean(required=True)
    is_confirmed = graphene.Boolean(required=True)
    note = graphene.String()
    language_code = LanguageCode(required=True)
    date_joined = graphene.DateTime(required=True)
    updated_at = graphene.DateTime(required=True)


UserConnection = connection(User)


class CustomerWhereInput(graphene.InputObjectType):
    metadata = MetadataFilterInput()
    ids = graphene.List(graphene.NonNull(graphene.ID))
    email = StringFilterInput()
    is_active = graphene.Boolean()
    updated_at = DateTimeRangeInput()


class UserQueries(graphene.ObjectType):
    me = graphene.Field(User)
    user = graphene.Field(User, id=graphene.ID(), email=graphene.String())
    customers = graphene.Field(
        UserConnection, where=CustomerWhereInput(), filter=CustomerFilterInput(), sort_by=UserSortingInput(), **PAGING
    )

    @staticmethod
    def resolve_me(root: Any, info: Any) -> UserRecord | None:
        return context(info).actor.user

    @staticmethod
    def resolve_user(root: Any, info: Any, id: str | None = None, email: str | None = None) -> UserRecord | None:
        asking = context(info)
        asking.actor.require("MANAGE_STAFF", "MANAGE_USERS", "MANAGE_ORDERS")
        return asking.shop.get(UserRecord, id) if id else accounts.by_email(asking.shop, email)

    @staticmethod
    def resolve_customers(
        root: Any,
        info: Any,
        first: int | None = None,
        after: str | None = None,
        where: Any = None,
        filter: Any = None,
        sort_by: Any = None,
    ) -> dict[str, Any]:
        asking = context(info)
        asking.actor.require("MANAGE_USERS", "MANAGE_ORDERS")
        wanted = where or {"updated_at": (filter or {}).get("updated_at")}
        users = [u for u in asking.shop.all(UserRecord) if not u.is_staff and _passes(u, wanted)]
        sort = sort_of(sort_by, {"CREATED_AT": "date_joined", "LAST_MODIFIED_AT": "updated_at"})
        return page(filtered(users, filter), "customers", first, after, sort)


def _passes(user: UserRecord, where: Any) -> bool:
    return (
        has_metadata(user.metadata, where.get("metadata"))
        and ("ids" not in where or user.id in where["ids"])
        and within(user.email, where.get("email"))
        and ("is_active" not in where or user.is_active == where["is_active"])
        and within(user.updated_at, where.get("updated_at"))
    )


class AccountError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = AccountErrorCode(required=True)


class AccountRegisterInput(graphene.InputObjectType):
    first_name = graphene.String()
    last_name = graphene.String()
    language_code = LanguageCode()
    email = graphene.String(required=True)
    password = graphene.String(required=True)
    redirect_url = graphene.String()
    metadata = graphene.List(graphene.NonNull(MetadataInput))
    channel = graphene.String()


class AccountInput(graphene.InputObjectType):
    first_name = graphene.String()
    last_name = graphene.String()
    language_code = LanguageCode()
    metadata = graphene.List(graphene.NonNull(MetadataInput))


class CustomerInput(graphene.InputObjectType):
    first_name = graphene.String()
    last_name = graphene.String()
    email = graphene.String()
    is_active = graphene.Boolean()
    note = graphene.String()
    metadata = graphene.List(graphene.NonNull(MetadataInput))
    private_metadata = graphene.List(graphene.NonNull(MetadataInput))
    language_code = LanguageCode()
    is_confirmed = graphene.Boolean()
    attributes = graphene.List(graphene.NonNull(AttributeValueInput))


class CustomerBulkUpdateInput(graphene.InputObjectType):
    id = graphene.ID()
    input = CustomerInput(required=True)


class CustomerBulkUpdateError(graphene.ObjectType):
    path = graphene.String()
    message = graphene.String()
    code = CustomerBulkUpdateErrorCode(required=True)


class CustomerBulkResult(graphene.ObjectType):
    customer = graphene.Field(User)
    errors = graphene.List(graphene.NonNull(CustomerBulkUpdateError))


def _changes(given: Any) -> accounts.CustomerInput:
    apart = ("metadata", "private_metadata", "attributes")
    fields = {name: plain(value) for name, value in given.items() if name not in apart}
    public, private = items(given.get("metadata")), items(given.get("private_metadata"))
    attributes = {one.external_reference: one.dropdown.external_reference for one in given.get("attributes") or ()}
    return accounts.CustomerInput(fields, public, private, attributes)


def _register(info: Any, input: Any) -> dict[str, Any]:
    """The account as asked for, with an empty id: Saleor does not tell whether the e-mail was known."""
    asking = context(info)
    details = {k: plain(v) for k, v in input.items() if k in ("first_name", "last_name", "language_code")}
    metadata = items(input.get("metadata"))
    user = accounts.register(asking.shop, asking.actor, input.email, input.password, metadata=metadata, **details)
    shown = replace(user, id="", metadata={}) if user else None
    return {"user": shown, "requires_confirmation": asking.shop.confirms_accounts}


def _create_token(info: Any, email: str, password: str) -> dict[str, Any]:
    asking = context(info)
    user = accounts.log_in(asking.shop, email, password)
    token = asking.signer.access_token(user, asking.shop.api_url, asking.shop.clock())
    return {"token": token, "user": user}


def _confirm(info: Any, email: str, token: str) -> dict[str, Any]:
    asking = context(info)
    return {"user": accounts.confirm(asking.shop, asking.actor, email, token)}


def _update_own(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    return {"user": accounts.update_own(asking.shop, asking.actor, _changes(input))}


def _update(info: Any, id: str, input: Any) -> dict[str, Any]:
    asking = context(info)
    return {"user": accounts.update(asking.shop, asking.actor, id, _changes(input))}


def _delete(info: Any, id: str) -> dict[str, Any]:
    asking = context(info)
    return {"user": accounts.delete(asking.shop, asking.actor, id)}


def _request_deletion(info: Any, redirect_url: str) -> dict[str, Any]:
    asking = context(info)
    accounts.request_deletion(asking.shop, asking.actor)
    return {}


def _delete_own(info: Any, token: str) -> dict[str, Any]:
    asking = context(info)
    return {"user": accounts.delete_own(asking.shop, asking.actor, token)}


def _bulk_update(info: Any, customers: list[Any], error_policy: Any = None) -> dict[str, Any]:
    asking = context(info)
    rows = [(row.get("id") or "", _changes(row.input)) for row in customers]
    answers = accounts.bulk_update(asking.shop, asking.actor, rows)
    results = [{"customer": user, "errors": _bulk_errors(error)} for user, error in answers]
    return {"count": sum(user is not None for user, _ in answers), "results": results, "errors": []}


def _bulk_errors(error: Refused | None) -> list[dict[str, Any]]:
    return [{"path": error.field, "message": error.message, "code": error.code}] if error else []


_ID = graphene.ID
_USER = graphene.Field(User)


class AccountMutations(graphene.ObjectType):
    account_register = mutation(
        "AccountRegister",
        _register,
        AccountError,
        {"user": _USER, "requires_confirmation": graphene.Boolean()},
        input=AccountRegisterInput(required=True),
    )
    token_create = mutation(
        "CreateToken",
        _create_token,
        AccountError,
        {"token": graphene.String(), "user": _USER},
        email=graphene.String(required=True),
        password=graphene.String(required=True),
    )
    confirm_account = mutation(
        "ConfirmAccount",
        _confirm,
        AccountError,
        {"user": _USER},
        email=graphene.String(required=True),
        token=graphene.String(required=True),
    )
    account_update = mutation(
        "AccountUpdate", _update_own, AccountError, {"user": _USER}, input=AccountInput(required=True)
    )
    account_request_deletion = mutation(
        "AccountRequestDeletion",
        _request_deletion,
        AccountError,
        {},
        redirect_url=graphene.String(required=True),
    )
    account_delete = mutation(
        "AccountDelete", _delete_own, AccountError, {"user": _USER}, token=graphene.String(required=True)
    )
    customer_update = mutation(
        "CustomerUpdate",
        _update,
        AccountError,
        {"user": _USER},
        id=_ID(),
        input=CustomerInput(required=True),
    )
    customer_delete = mutation("CustomerDelete", _delete, AccountError, {"user": _USER}, id=_ID())
    customer_bulk_update = mutation(
        "CustomerBulkUpdate", _bulk_update, CustomerBulkUpdateError,
        {
            "count": graphene.Int(required=True),
            "results": graphene.List(graphene.NonNull(CustomerBulkResult), required=True),
        },
        customers=graphene.List(graphene.NonNull(CustomerBulkUpdateInput), required=True),
        error_policy=ErrorPolicy(),
    )  # fmt: skip

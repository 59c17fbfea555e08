# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""The mutations with which an app tells staff what is wrong with it."""

from typing import Any

import graphene
from graphql import IntValueNode, Undefined

from .. import problems
from .context import context
from .enums import AppProblemCreateErrorCode, AppProblemDismissErrorCode
from .mutations import mutation


class PositiveInt(graphene.Scalar):
    """A whole number from 1 on."""

    serialize = int

    @staticmethod
    def parse_value(value: Any) -> Any:
        return value if isinstance(value, int) and value > 0 else Undefined

    @staticmethod
    def parse_literal(node: Any, variables: Any = None) -> Any:
        return PositiveInt.parse_value(int(node.value)) if isinstance(node, IntValueNode) else Undefined


class AppProblemCreateInput(graphene.InputObjectType):
    message = graphene.String(required=True)
    key = graphene.String(required=True)
    critical_threshold = PositiveInt()


class AppProblemDismissByAppInput(graphene.InputObjectType):
    keys = graphene.List(graphene.NonNull(graphene.String))


class AppProblemDismissInput(graphene.InputObjectType):
    by_app = AppProblemDismissByAppInput()


class AppProblemCreateError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = AppProblemCreateErrorCode(required=True)


class AppProblemDismissError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = AppProblemDismissErrorCode(required=True)


def _create(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    problems.create(asking.shop, asking.actor, input["key"], input["message"])
    return {}


def _dismiss(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    problems.dismiss(asking.shop, asking.actor, (input.get("by_app") or {}).get("keys") or [])
    return {}


class ProblemMutations(graphene.ObjectType):
    app_problem_create = mutation(
        "AppProblemCreate", _create, AppProblemCreateError, {}, input=AppProblemCreateInput(required=True)
    )
    app_problem_dismiss = mutation(
        "AppProblemDismiss", _dismiss, AppProblemDismissError, {}, input=AppProblemDismissInput(required=True)
    )

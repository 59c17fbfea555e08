"""What the app tells staff of itself in the Dashboard, under keys that stay the same."""

from saleor_lifecycle.saleor import client, documents
from saleor_lifecycle.saleor.errors import Refused, ShopAway

PROBLEMS_SINCE = documents.SINCE["mutations", "create_problem"]


def create(asked: client.SaleorClient, key: str, message: str, is_critical: bool) -> None:
    """Let staff read a message, as critical from its first time on."""
    wanted = client.AppProblemCreateInput(key=key, message=message)
    if is_critical:
        wanted = client.AppProblemCreateInput(key=key, message=message, criticalThreshold=1)
    done = asked.create_problem(wanted).app_problem_create
    if done is None:
        raise ShopAway("CreateProblem: a part of the answer is missing")
    if done.errors:
        raise Refused(f"CreateProblem: {', '.join(f'{error.field}: {error.code.value}' for error in done.errors)}")


def dismiss(asked: client.SaleorClient, key: str) -> None:
    """Take a message back; one that is not there any more is taken back already."""
    done = asked.dismiss_problem(key).app_problem_dismiss
    if done is None:
        raise ShopAway("DismissProblem: a part of the answer is missing")
    codes = {error.code.value for error in done.errors} - {"NOT_FOUND"}
    if codes:
        raise Refused(f"DismissProblem: {', '.join(sorted(codes))}")

"""What was wrong with what a mutation was given."""

from collections.abc import Iterable

import strawberry

from saleor_lifecycle.actions.brands import Code, Problem

from .access import Info
from .problem_words import spoken

strawberry.enum(Code, name="ErrorCode")


@strawberry.type
class Error:
    field: str | None
    text: strawberry.Private[str]
    code: Code

    @strawberry.field(description="In Spanish where Accept-Language asks for it first, else in English.")
    def message(self, info: Info) -> str:
        return spoken(self.text, info.context.language)


def errors(problems: Iterable[Problem]) -> list[Error]:
    """Return the problems under the names that the schema has for their fields."""
    return [Error(field=_camel(problem.field), text=problem.text, code=problem.code) for problem in problems]


def _camel(name: str) -> str:
    # What stands below per_channel is a channel's slug, which is the shop's and may hold a "_".
    field, dot, slug = name.partition(".per_channel.")
    first, *others = f"{field}{dot}".split("_")
    return first + "".join(word.capitalize() for word in others) + slug

"""From a merchant's template and frozen values to the words of one mail."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from liquid.exceptions import LiquidError

from .templates import TemplateError, TemplateSource, explain, find_problems, parse

# Line breaks in a subject would begin a header of someone else's choosing.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message's words as they will be read; ``subject`` is one line."""

    subject: str
    html: str
    text: str


def render(template: TemplateSource, values: Mapping[str, object]) -> Rendered:
    """The template filled with the values; TemplateError where a value is missing or a limit is reached.

    Values are plain mappings, lists, texts, numbers and decimals. HTML escapes them, subject and text do not.
    """
    subject = " ".join(_CONTROLS.sub(" ", _fill("subject", template, values)).split())
    if not subject:
        raise TemplateError(["subject: nothing is left of it once it is filled in"])
    return Rendered(subject, _fill("html", template, values), _fill("text", template, values))


def check_template(
    template: TemplateSource, names: Collection[str], sample: Mapping[str, object] | None = None
) -> None:
    """Nothing when the template may be saved, else TemplateError with every problem found.

    ``names`` are the values that each message will have (``shop.name``, ``cart.lines[].product``); with
    ``sample`` values the template is rendered too, which finds what no reading shows, such as a filter's
    missing argument.
    """
    problems: list[str] = []
    for part, source in _parts(template).items():
        try:
            problems += find_problems(part, source, names)
        except TemplateError as error:
            problems += error.problems
    if problems:
        raise TemplateError(problems)
    if sample is not None:
        render(template, sample)


def _parts(template: TemplateSource) -> dict[str, str]:
    return {"subject": template.subject, "html": template.html, "text": template.text}


def _fill(part: str, template: TemplateSource, values: Mapping[str, object]) -> str:
    try:
        return parse(part, _parts(template)[part]).render({**values, "language": template.language})
    except LiquidError as error:
        raise TemplateError([explain(part, error)]) from error
    except (ValueError, ArithmeticError) as error:  # filters' arithmetic passes Python's own errors on
        raise TemplateError([f"{part}: {error}"]) from error

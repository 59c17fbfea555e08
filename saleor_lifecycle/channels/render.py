"""From a merchant's template and frozen values to the words of one mail."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from liquid.exceptions import LiquidError

from .faults import Fault, FaultCode, TemplateError
from .mentions import find_faults
from .templates import SECONDS, SECONDS_AT_SAVE, TemplateSource, explain, fill, parse

# Line breaks in a subject would begin a header of someone else's choosing.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They turn round the letters after them: a name could rewrite the subject in which it stands.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# No mail may hold these, whoever typed them; half a surrogate pair cannot even be encoded.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

LONGEST_SUBJECT = 300
"""In characters; a word over 998 bytes could not even be folded into a header's lines (RFC 5322)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message's words as they will be read; ``subject`` is one line."""

    subject: str
    html: str
    text: str
    short: str = ""


def render(template: TemplateSource, values: Mapping[str, object], seconds: float = SECONDS) -> Rendered:
    """The template filled with the values; TemplateError where a value is missing or a limit is reached.

    Values are plain mappings, lists, texts, numbers and decimals. HTML escapes them, subject and text do not.
    """
    values = {name: _sendable(value) for name, value in values.items()}
    subject = " ".join(_CONTROLS.sub(" ", _TURNING.sub("", _fill("subject", template, values, seconds))).split())
    if not subject:
        raise TemplateError([Fault(FaultCode.SUBJECT_EMPTY, "subject")])
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"
    return Rendered(
        subject,
        _fill("html", template, values, seconds),
        _tidy(_fill("text", template, values, seconds)),
        " ".join(_TURNING.sub("", _fill("short", template, values, seconds)).split()) if template.short else "",
    )


def check_template(
    template: TemplateSource, names: Collection[str], sample: Mapping[str, object] | None = None
) -> None:
    """Nothing when the template may be saved, else TemplateError with every problem found.

    ``names`` are the values that each message will have (``shop.name``, ``cart.lines[].product``); with
    ``sample`` values the template is rendered too, which finds what no reading shows, such as a filter's
    missing argument.
    """
    faults: list[Fault] = []
    for part, source in _parts(template).items():
        try:
            faults += find_faults(part, source, names, has_lines=part == "text")
        except TemplateError as error:
            faults += error.faults
    if faults:
        raise TemplateError(faults)
    if sample is not None:
        render(template, sample, SECONDS_AT_SAVE)


def _tidy(text: str) -> str:
    """The text with one empty line where conditions and loops that wrote nothing left several."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).rstrip("\n")


def _sendable(value: object) -> object:
    """The value, its texts without what no mail may hold."""
    if isinstance(value, str):
        return _UNSENDABLE.sub(" ", value)
    if isinstance(value, Mapping):
        return {key: _sendable(one) for key, one in value.items()}
    return [_sendable(one) for one in value] if isinstance(value, list) else value


def _parts(template: TemplateSource) -> dict[str, str]:
    return {"subject": template.subject, "html": template.html, "text": template.text, "short": template.short}


def _fill(part: str, template: TemplateSource, values: Mapping[str, object], seconds: float) -> str:
    try:
        return fill(parse(part, _parts(template)[part]), values, template.language, seconds)
    except LiquidError as error:
        raise TemplateError([explain(part, error, has_lines=part == "text")]) from error
    except (ValueError, ArithmeticError) as error:  # filters' arithmetic passes Python's own errors on
        raise TemplateError([Fault(FaultCode.NOT_FILLED, part, name=str(error))]) from error

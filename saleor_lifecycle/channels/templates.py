"""What a merchant may write in a message: Liquid, sandboxed, parsed once, filled within limits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from time import thread_time

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.filter import with_context
from liquid.output import LimitedStringIO
from liquid.token import Token

from .faults import Fault, FaultCode, TemplateError
from .marks import pieces
from .money import format_money, read_amount

# Allowed by name, so that a newer python-liquid adds nothing. Left out on purpose: other templates (include,
# render), clocks (date), ways around escaping (safe), and filters that multiply the length of their input
# (replace, split, join, concat), which no limit below would stop in time.
SYNTAX = {"content", "output", "illegal"}  # python-liquid keeps the parts of its syntax among the tags
TAGS = {"if", "unless", "case", "for", "break", "continue", "assign", "capture", "cycle", "comment", "#"}
FILTERS = {
    *("append", "prepend", "capitalize", "downcase", "upcase", "strip", "lstrip", "rstrip", "squish"),
    *("strip_html", "strip_newlines", "newline_to_br", "remove", "truncate", "truncatewords", "slice"),
    *("escape", "escape_once", "url_encode", "default", "size", "first", "last"),
    *("plus", "minus", "times", "divided_by", "modulo", "round", "floor", "ceil", "abs", "at_most"),
    "at_least",
}
SECONDS, SECONDS_AT_SAVE = 1.0, 0.25
"""How long filling one part may take, in processor time of its thread, so that a busy machine refuses nothing. Ours
take a thousandth of it. At save it is less, so that what was saved is not refused when it is sent."""
OUTPUT = 500_000  # bytes
_LOOK_EVERY = 128  # steps: to read this clock takes as long as many of them; most mails have fewer, and never do


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The parts of one message in Liquid; ``html`` is what ``compile_mjml`` gave, ``short`` may be empty."""

    subject: str
    html: str
    text: str
    language: str  # BCP-47
    short: str = ""  # for channels without room for a mail


class TooSlow(ResourceLimitError):
    """Filling a template takes longer than it may."""


class _Timed(RenderContext):
    """Looks at the clock now and then: python-liquid limits sizes and loops, and no time.

    It has no hook for that, but every node asks for ``disabled_tags`` before it is rendered, and every filter is
    looked up here. The time runs from the first look.
    """

    __slots__ = ("_ends", "_seconds", "_steps")

    def __init__(self, template: BoundTemplate, values: Mapping[str, object], seconds: float) -> None:
        self._ends, self._seconds, self._steps = 0.0, seconds, 0
        super().__init__(template, globals=template.make_globals(values))

    @property
    def disabled_tags(self) -> list[str]:
        self._step()
        return []

    @disabled_tags.setter
    def disabled_tags(self, tags: list[str]) -> None:
        """Nothing is disabled here; what is not allowed is not there."""

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        self._step()
        return super().filter(name, token)

    def _step(self) -> None:
        self._steps += 1
        if self._steps % _LOOK_EVERY:
            return
        now = thread_time()
        self._ends = self._ends or now + self._seconds
        if now > self._ends:
            raise TooSlow("it takes too long", token=None)


class _Sandbox(Environment):
    local_namespace_limit = 200_000  # bytes by sys.getsizeof, over all that a template assigns
    output_stream_limit = OUTPUT
    loop_iteration_limit = 5_000
    context_depth_limit = 20
    block_nesting_limit = 20


@with_context
def _money(amount: object, currency: object, *, context: RenderContext) -> str:
    return format_money(read_amount(amount), str(currency), str(context.resolve("language")))


def _sandbox(*, is_html: bool) -> _Sandbox:
    sandbox = _Sandbox(undefined=StrictUndefined, strict_filters=True, autoescape=is_html)
    sandbox.tags = {name: tag for name, tag in sandbox.tags.items() if name in TAGS | SYNTAX}
    sandbox.filters = {name: rule for name, rule in sandbox.filters.items() if name in FILTERS}
    sandbox.add_filter("money", _money)
    return sandbox


_HTML = _sandbox(is_html=True)
_PLAIN = _sandbox(is_html=False)


@lru_cache(maxsize=256)
def parse(part: str, source: str) -> BoundTemplate:
    """The parsed part of a message (subject, html or text); only ``html`` escapes what it is given."""
    pieces(part, source)
    try:
        return (_HTML if part == "html" else _PLAIN).from_string(source)
    except LiquidError as error:
        raise TemplateError([explain(part, error, has_lines=part != "subject")]) from error


def fill(template: BoundTemplate, values: Mapping[str, object], language: str, seconds: float) -> str:
    """The template filled with the values. Raises LiquidError where one is missing or a limit is reached."""
    format_money(Decimal(0), "EUR", language)  # a language's formats are read from disk once, which is not its author's
    buffer = LimitedStringIO(limit=OUTPUT)
    template.render_with_context(_Timed(template, {**values, "language": language}, seconds), buffer)
    return buffer.getvalue()


def explain(part: str, error: LiquidError, *, has_lines: bool) -> Fault:
    """What is wrong and where; without ``has_lines`` only what: of an HTML that was compiled, of a subject."""
    cause = error.__cause__ if error.message == "unexpected liquid parsing error" else None
    code = FaultCode.TOO_SLOW if isinstance(error, TooSlow) else FaultCode.BROKEN_LIQUID
    return Fault(code, part, line_of(error.token) if has_lines else None, str(cause or error.message))


def line_of(token: Token | None) -> int | None:
    """The line in which a token stands; None where nobody knows."""
    if token is None or token.start_index < 0:
        return None
    return token.source.count("\n", 0, token.start_index) + 1

"""What a merchant may write in a message: Liquid, sandboxed, parsed once, its names checked at save."""

import difflib
from collections import ChainMap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.filter import with_context

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
ALWAYS_THERE = {"language"}


class TemplateError(Exception):
    """A template that cannot be used; ``problems`` are sentences for the merchant who wrote it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The three parts of one message in Liquid; ``html`` is what ``compile_mjml`` gave."""

    subject: str
    html: str
    text: str
    language: str  # BCP-47


class _Sandbox(Environment):
    local_namespace_limit = 200_000  # bytes by sys.getsizeof, over all that a template assigns
    output_stream_limit = 500_000
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


@lru_cache(maxsize=512)
def parse(part: str, source: str) -> BoundTemplate:
    """The parsed part of a message (subject, html or text); only ``html`` escapes what it is given."""
    try:
        return (_HTML if part == "html" else _PLAIN).from_string(source)
    except LiquidError as error:
        raise TemplateError([explain(part, error)]) from error


def explain(part: str, error: LiquidError) -> str:
    """What is wrong and where, in one sentence. The HTML was compiled, so that its lines would mislead."""
    place = error.context() if part != "html" else None
    cause = error.__cause__ if error.message == "unexpected liquid parsing error" else None
    return f"{part}{f', line {place[0]}' if place else ''}: {cause or error.message}"


def find_problems(part: str, source: str, names: Collection[str]) -> list[str]:
    """A sentence for each name or filter that a message would lack when it is sent; empty when all is well.

    ``names`` are full paths, lists marked by brackets: ``shop.name``, ``cart.lines[].product``.
    Inexact in one place: the insides of a value that was assigned through a filter are not followed.
    """
    template = parse(part, source)
    # A name's meaning in the template: the path it stands for, or None where it is the template's own.
    meanings: ChainMap[str, str | None] = ChainMap({"forloop": None})
    known = {*names, *ALWAYS_THERE}
    found = [problem for node in template.nodes for problem in _in_node(node, meanings, known, template)]
    return [f"{part}: {problem}" for problem in dict.fromkeys(found)]


def _in_node(
    node: Node, meanings: ChainMap[str, str | None], known: set[str], template: BoundTemplate
) -> Iterator[str]:
    for expression in node.expressions():
        yield from _in_expression(expression, meanings, known)
        if isinstance(node, OutputNode):
            yield from _unprintable(expression, meanings, known)
    for name in node.template_scope():
        assigned = node.expression if isinstance(node, AssignNode) else None
        meanings.maps[-1][str(name)] = _plain_path(assigned, meanings)
    inner = meanings
    if isinstance(node, ForNode):
        inner = meanings.new_child({str(name): None for name in node.block_scope()})
        listed = node.expression.iterable
        path = _resolve(listed, meanings) if isinstance(listed, Path) else None
        inner[str(node.expression.identifier)] = None if path is None else f"{path}[]"
    for child in node.children(RenderContext(template), include_partials=False):
        yield from _in_node(child, inner, known, template)


def _in_expression(expression: Expression, meanings: ChainMap[str, str | None], known: set[str]) -> Iterator[str]:
    if isinstance(expression, Path):
        path = _resolve(expression, meanings)
        if path is not None and not _is_known(path, known):
            yield _unknown(path, str(expression), known)
    elif isinstance(expression, RangeLiteral):
        yield f'a range such as "{expression}" is not allowed'
    elif isinstance(expression, FilteredExpression):
        for rule in expression.filters or ():
            if rule.name not in FILTERS | {"money"}:
                yield f'there is no filter "{rule.name}"'
    for child in expression.children():
        yield from _in_expression(child, meanings, known)


def _unprintable(expression: Expression, meanings: ChainMap[str, str | None], known: set[str]) -> Iterator[str]:
    path = _plain_path(expression, meanings)
    if path is None or path in known or path.endswith(".size"):
        return
    if _is_known(path, known):
        yield f'"{expression}" is a group of values; name one of them'


def _plain_path(expression: Expression | None, meanings: ChainMap[str, str | None]) -> str | None:
    """The path that an expression without filters stands for, else None."""
    if not isinstance(expression, FilteredExpression) or expression.filters:
        return None
    return _resolve(expression.left, meanings) if isinstance(expression.left, Path) else None


def _resolve(path: Path, meanings: ChainMap[str, str | None]) -> str | None:
    """The full path with every index as ``[]``; None below what is the template's own."""
    head = str(path.path[0])
    resolved = meanings.get(head, head)
    for segment in path.path[1:]:
        if resolved is None:
            return None
        is_index = isinstance(segment, int) or segment in ("first", "last")
        resolved += "[]" if is_index else f".{segment}"
    return resolved


def _is_known(path: str, known: set[str]) -> bool:
    path = path.removesuffix(".size")  # Liquid's own, of lists and texts
    return any(name == path or name.startswith((f"{path}.", f"{path}[]")) for name in known)


def _unknown(path: str, written: str, known: set[str]) -> str:
    near = difflib.get_close_matches(path, known, n=1)
    return f'there is no value "{written}"' + (f'; did you mean "{near[0]}"?' if near else "")

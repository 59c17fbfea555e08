"""Which values a template names: checked at save, so that a name is never a hole at send."""

import difflib
from collections import ChainMap
from collections.abc import Collection, Iterator

from liquid import BoundTemplate, RenderContext
from liquid.ast import BlockNode, Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from .faults import Fault, FaultCode
from .templates import FILTERS, line_of, parse

ALWAYS_THERE = {"language"}
# A name's meaning in a template: the path that it stands for, or None where it is the template's own.
Meanings = ChainMap[str, str | None]
# What is wrong, where, and with which name: a full path, or a filter's.
Finding = tuple[FaultCode, Expression, str]


def find_faults(part: str, source: str, names: Collection[str], has_lines: bool = True) -> list[Fault]:
    """Each name or filter that a message would lack when it is sent; empty when all is well.

    ``names`` are full paths, lists marked by brackets: ``shop.name``, ``cart.lines[].product``. What a template assigns
    inside a condition or a loop it can name only there, because outside it may not have been assigned.
    Inexact in one place: the insides of a value that was assigned through a filter are not followed.
    """
    known = {*names, *ALWAYS_THERE}
    faults = []
    for code, place, name in _findings(part, source, known):
        near = difflib.get_close_matches(name, known, n=1) if code is FaultCode.UNKNOWN_NAME else []
        shown = name if code is FaultCode.UNKNOWN_FILTER else str(place)
        faults.append(Fault(code, part, line_of(place.token) if has_lines else None, shown, near[0] if near else ""))
    return list(dict.fromkeys(faults))


def used_names(part: str, source: str) -> set[str]:
    """The full paths of all values that a template names, but its own and ``language``."""
    return {name for code, _, name in _findings(part, source, ALWAYS_THERE) if code is FaultCode.UNKNOWN_NAME}


def _findings(part: str, source: str, known: set[str]) -> Iterator[Finding]:
    template = parse(part, source)
    meanings: Meanings = ChainMap({"forloop": None})
    for node in template.nodes:
        yield from _in_node(node, meanings, known, template)


def _in_node(node: Node, meanings: Meanings, known: set[str], template: BoundTemplate) -> Iterator[Finding]:
    for expression in node.expressions():
        yield from _in_expression(expression, meanings, known)
        if isinstance(node, OutputNode):
            yield from _unprintable(expression, meanings, known)
    for name in node.template_scope():
        assigned = node.expression if isinstance(node, AssignNode) else None
        meanings[str(name)] = _plain_path(assigned, meanings)
    inner = meanings.new_child({str(name): None for name in node.block_scope()})
    if isinstance(node, ForNode):
        listed = node.expression.iterable
        path = _resolve(listed, meanings) if isinstance(listed, Path) else None
        inner[str(node.expression.identifier)] = None if path is None else f"{path}[]"
    for child in node.children(RenderContext(template), include_partials=False):
        # Of a block everything is rendered, of a condition or a loop perhaps nothing.
        seen = inner if isinstance(node, BlockNode) else inner.new_child()
        yield from _in_node(child, seen, known, template)


def _in_expression(expression: Expression, meanings: Meanings, known: set[str]) -> Iterator[Finding]:
    if isinstance(expression, Path):
        path = _resolve(expression, meanings)
        if path is not None and not _is_known(path, known):
            yield FaultCode.UNKNOWN_NAME, expression, path
    elif isinstance(expression, RangeLiteral):
        yield FaultCode.RANGE, expression, ""
    elif isinstance(expression, FilteredExpression):
        for rule in expression.filters or ():
            if rule.name not in FILTERS | {"money"}:
                yield FaultCode.UNKNOWN_FILTER, expression, rule.name
    for child in expression.children():
        yield from _in_expression(child, meanings, known)


def _unprintable(expression: Expression, meanings: Meanings, known: set[str]) -> Iterator[Finding]:
    path = _plain_path(expression, meanings)
    if path is not None and path not in known and not path.endswith(".size") and _is_known(path, known):
        yield FaultCode.GROUP, expression, path


def _plain_path(expression: Expression | None, meanings: Meanings) -> str | None:
    """The path that an expression without filters stands for, else None."""
    if not isinstance(expression, FilteredExpression) or expression.filters:
        return None
    return _resolve(expression.left, meanings) if isinstance(expression.left, Path) else None


def _resolve(path: Path, meanings: Meanings) -> str | None:
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

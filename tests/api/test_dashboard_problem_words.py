"""What is wrong is said in both languages: the texts are found in the source, so that none can be forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import saleor_lifecycle
from saleor_lifecycle.api.dashboard.flow_problem_words import OF_DOCUMENTS
from saleor_lifecycle.api.dashboard.problem_words import SPANISH, spoken

ROOT = Path(saleor_lifecycle.__file__).parent
MADE_BY = {"Problem", "_problem", "_refused", "PolicyError", "NotNow"}
"""What is called with a text for staff as its last argument."""
RETURNED_BY = {"_fault", "_no_attributes"}
RAISED_BY = {"set_rate", "set_pace"}
FOUND_BY = {"faults", "_text_faults"}
"""Of topics: what they yield, or the second of each pair that they find."""
CHECKS = {"flow_checks.py", "step_checks.py", "rule_checks.py", "flow_moves.py", "named_flows.py"}
"""Of the domain: what is wrong with flows and their rules, as the second of a path and a reason."""


def texts(node: ast.AST, named: dict[str, ast.expr]) -> Iterator[str]:
    """The text that an expression is, with {} for each value in it; of a choice both."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from texts(one, named)
            yield from texts(other, named)
        case ast.Name(id=name) if name in named:
            yield from texts(named[name], named)


def told() -> Iterator[str]:
    """Every text that reaches staff as what is wrong with what they gave."""
    rooms = ("actions", "domain", "api/dashboard", "tasks")
    for path in sorted([*(one for room in rooms for one in ROOT.glob(f"{room}/*.py")), ROOT / "channels/providers.py"]):
        tree = ast.parse(path.read_text())
        assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
        named = {name.id: node.value for node in assigned for name in node.targets if isinstance(name, ast.Name)}
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="Fault"), args=[_, text]) if path.name.startswith("flow_"):
                    yield from texts(text, named)
                case ast.Call(func=ast.Name(id=name), args=[*_, text]) if name in MADE_BY:
                    yield from texts(text, named)
                case ast.FunctionDef(name=name) if name in FOUND_BY and path.name == "topics.py":
                    for inner in ast.walk(node):
                        match inner:
                            case ast.Yield(value=ast.expr() as text) | ast.Tuple(elts=[ast.Constant(), text]):
                                yield from texts(text, named)
                case ast.FunctionDef(name=name) if name in RETURNED_BY | RAISED_BY:
                    for inner in ast.walk(node):
                        match inner:
                            case ast.Return(value=ast.expr() as text) if name in RETURNED_BY:
                                yield from texts(text, named)
                            case ast.Raise(exc=ast.Call(args=[text])) if name in RAISED_BY:
                                yield from texts(text, named)


def checked() -> Iterator[str]:
    """Every reason why a flow's document cannot be published."""
    for path in sorted(ROOT.glob("domain/*.py")):
        if path.name not in CHECKS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case (
                    ast.Yield(value=ast.Tuple(elts=[_, text]))
                    | ast.GeneratorExp(elt=ast.Tuple(elts=[_, text]))
                    | ast.Return(value=ast.List(elts=[ast.Tuple(elts=[_, text])]))
                    | ast.Call(func=ast.Attribute(attr="append"), args=[ast.Tuple(elts=[_, text])])
                ):
                    yield from texts(text, {})


def test_every_text_has_its_spanish_and_none_is_left_over() -> None:
    assert {*told(), *checked(), *OF_DOCUMENTS} == set(SPANISH)


def test_no_value_gets_lost_but_a_state_s_name() -> None:
    assert [english for english, spanish in SPANISH.items() if english.count("{}") != spanish.count("{}")] == [
        english for english in SPANISH if english.startswith("The file is {}")
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Aquí caben 500 caracteres como mucho."),
        ("es-MX,es;q=0.9,en;q=0.8", "Aquí caben 500 caracteres como mucho."),
        ("en", "At most 500 characters fit here."),
        ("de-AT, es;q=0.5", "At most 500 characters fit here."),
        ("", "At most 500 characters fit here."),
    ],
)
def test_is_said_in_the_language_asked_for_first(language: str, said: str) -> None:
    assert spoken("At most 500 characters fit here.", language) == said


def test_what_stands_in_a_text_may_hold_anything() -> None:
    name = "{0}\n{}"
    assert (
        spoken(f"{name} has one type, whatever says it.", "es") == f"{name} tiene un solo tipo, lo diga quien lo diga."
    )

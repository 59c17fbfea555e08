"""From a merchant's MJML to the HTML that mail programs read, once, when the template is saved."""

import re

import mrml

from .faults import Fault, FaultCode, TemplateError
from .marks import Marked, mark

PART = "html"
DEEPEST = 100  # mrml calls itself for each element within another, and takes the process with it at some thousands
_COMMENT = re.compile(r"<!--(?!\[if)(?:(?!<!--).)*?-->", re.DOTALL)
_TAG = re.compile(r"<(/?)([^\s<>/!?\"'=]+)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>")
_VOID = {"br", "hr", "img", "input", "col", "meta", "link", "area", "base", "wbr"}
_POSITION = re.compile(r"position (\d+):\d+")
# mrml lets an element that it does not know through as it stands; no mail program would show it.
_ELEMENTS = {
    *("mjml", "mj-head", "mj-attributes", "mj-all", "mj-class", "mj-breakpoint", "mj-font", "mj-preview"),
    *("mj-style", "mj-title", "mj-body", "mj-accordion", "mj-accordion-element", "mj-accordion-title"),
    *("mj-accordion-text", "mj-button", "mj-carousel", "mj-carousel-image", "mj-column", "mj-divider"),
    *("mj-group", "mj-hero", "mj-image", "mj-navbar", "mj-navbar-link", "mj-raw", "mj-section", "mj-social"),
    *("mj-social-element", "mj-spacer", "mj-table", "mj-text", "mj-wrapper"),
}


def compile_mjml(source: str) -> str:
    """The HTML of an MJML document, its Liquid kept letter for letter; TemplateError where it cannot be read.

    Comments are dropped, nothing is included, no font is fetched.
    """
    marked = mark(PART, without_comments(source))
    _refuse_strangers(marked)
    parser = mrml.ParserOptions(include_loader=mrml.noop_loader())
    options = mrml.RenderOptions(disable_comments=True, social_icon_origin=None, fonts={})
    try:
        html = mrml.to_html(marked.text, parser, options).content
    except BaseException as error:
        # mrml is Rust: what panics there comes as a BaseException of a class that nothing can import.
        if isinstance(error, OSError) or type(error).__name__ == "PanicException":
            raise TemplateError([_explain(str(error), marked)]) from error
        raise
    if lost := marked.lost_in(html):
        raise TemplateError([Fault(FaultCode.LIQUID_LOST, PART, name=lost)])
    return marked.restore(html)


def without_comments(source: str) -> str:
    """The source without its comments and what stands in them; its lines keep their numbers."""
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)


def _refuse_strangers(marked: Marked) -> None:
    depth = 0
    for tag in _TAG.finditer(marked.text):
        is_end, name, is_empty = tag[1], tag[2].lower(), tag[3]
        if name.startswith("mj") and tag[2] not in _ELEMENTS:
            raise TemplateError([Fault(FaultCode.UNKNOWN_ELEMENT, PART, marked.line(tag.start()), f"<{tag[2]}>")])
        depth += -1 if is_end else 0 if is_empty or name in _VOID else 1
        if depth > DEEPEST:
            raise TemplateError([Fault(FaultCode.TOO_DEEP, PART, marked.line(tag.start()))])


def _explain(error: str, marked: Marked) -> Fault:
    """Where the first element stands that is not closed in its turn, else mrml's own words."""
    stack: list[tuple[str, int]] = []
    for tag in _TAG.finditer(marked.text):
        is_end, name, is_empty = tag[1], tag[2], tag[3]
        if not name.startswith("mj"):
            continue
        if is_end and (not stack or stack[-1][0] != name):
            return Fault(FaultCode.CLOSES_NOTHING, PART, marked.line(tag.start()), f"</{name}>")
        if is_end:
            stack.pop()
        elif not is_empty:
            stack.append((name, tag.start()))
    if stack:
        return Fault(FaultCode.NEVER_CLOSED, PART, marked.line(stack[-1][1]), f"<{stack[-1][0]}>")
    place = _POSITION.search(error)
    # mrml counts bytes.
    before = marked.text.encode()[: int(place[1])].decode(errors="ignore") if place else ""
    line = marked.line(len(before)) if place else None
    return Fault(FaultCode.BROKEN_MJML, PART, line, error.partition(" in root template")[0])

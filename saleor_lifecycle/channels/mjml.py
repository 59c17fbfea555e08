"""From a merchant's MJML to the HTML that mail programs read, once, when the template is saved."""

import re

import mrml

from .templates import TemplateError

_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.DOTALL)
_MARK = re.compile(r"xLiquid(\d+)x")
_TAG = re.compile(r"<(/?)(mj[\w-]*)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(/?)>")
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

    Liquid is taken out before mrml reads the document and put back after: ``{% if a < b %}`` and quotes
    within quotes are no XML. Comments are dropped, nothing is included, no font is fetched.
    """
    source = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    if reserved := _MARK.search(source):
        raise TemplateError([f'html: the text "{reserved[0]}" is reserved'])
    liquid: list[str] = _LIQUID.findall(source)
    numbers = iter(range(len(liquid)))
    marked = _LIQUID.sub(lambda _: f"xLiquid{next(numbers)}x", source)
    _refuse_strangers(marked, liquid)
    parser = mrml.ParserOptions(include_loader=mrml.noop_loader())
    options = mrml.RenderOptions(disable_comments=True, social_icon_origin=None, fonts={})
    try:
        html = mrml.to_html(marked, parser, options).content
    except OSError as error:
        raise TemplateError([_explain(str(error), marked, liquid)]) from error
    lost = set(map(str, range(len(liquid)))) - set(_MARK.findall(html))
    if lost:
        first = liquid[min(map(int, lost))]
        raise TemplateError([f"html: {first} is lost where it stands; put it into <mj-raw> or a text"])
    return _restore(html, liquid)


def _refuse_strangers(marked: str, liquid: list[str]) -> None:
    for tag in _TAG.finditer(marked):
        if tag[2] not in _ELEMENTS:
            line = _line(marked, tag.start(), liquid)
            raise TemplateError([f"html, line {line}: there is no element <{tag[2]}>"])


def _explain(error: str, marked: str, liquid: list[str]) -> str:
    """Where the first element stands that is not closed in its turn, else mrml's own words."""
    stack: list[tuple[str, int]] = []
    for tag in _TAG.finditer(marked):
        is_end, name, is_empty = tag[1], tag[2], tag[3]
        if is_end and (not stack or stack[-1][0] != name):
            line = _line(marked, tag.start(), liquid)
            return f"html, line {line}: </{name}> closes nothing that is open here"
        if is_end:
            stack.pop()
        elif not is_empty:
            stack.append((name, tag.start()))
    if stack:
        return f"html, line {_line(marked, stack[-1][1], liquid)}: <{stack[-1][0]}> is never closed"
    place = _POSITION.search(error)
    # mrml counts bytes.
    before = marked.encode()[: int(place[1])].decode(errors="ignore") if place else ""
    where = f", line {_line(marked, len(before), liquid)}" if place else ""
    return f"html{where}: this is not readable as MJML ({error.partition(' in root template')[0]})"


def _line(marked: str, position: int, liquid: list[str]) -> int:
    """The line in the source as its author sees it."""
    return _restore(marked[:position], liquid).count("\n") + 1


def _restore(marked: str, liquid: list[str]) -> str:
    return _MARK.sub(lambda mark: liquid[int(mark[1])], marked)

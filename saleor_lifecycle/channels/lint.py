"""What a template is looked through for before it is saved: errors keep it from being saved, warnings are told.

Places are lines of the MJML as its author sees it. What a link is made of at send, the shop's own addresses, is not
looked at: only what stands in the template letter for letter.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from saleor_lifecycle.domain.messages import Context, Purpose, commercial_names

from .faults import Fault, FaultCode, TemplateError
from .marks import Marked, mark
from .mentions import find_faults, used_names
from .mjml import compile_mjml, without_comments
from .names import names_of
from .plain import plain_text
from .render import Rendered, render
from .samples import sample_values
from .templates import SECONDS_AT_SAVE, TemplateSource

LONGEST = {"subject": 500, "html": 90_000, "text": 50_000, "short": 1500}  # characters; a request holds 100 kB
SUBJECT_SHOWN = 70
CLIPPED_AT = 102 * 1024  # bytes of HTML, by Gmail
FOOTER = ("company", "address", "email", "privacy_url", "reason")
"""What the foot of a message says: LSSI art. 10 and 20, GDPR art. 13, CAN-SPAM."""

_TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ADDRESS = re.compile(r"https?://[^\s<>\"'{}|]+")
_PICTURES = {"img", "mj-image", "mj-carousel-image", "mj-hero"}
_LINKS = {"a", "mj-button", "mj-image", "mj-navbar-link", "mj-social-element"}
_ACTIVE = {"script", "form", "iframe", "object", "embed", "input", "button", "base", "link"}
_MARKED = re.compile(r"xLiquid\d+x")


@dataclass(frozen=True, slots=True)
class Draft:
    """A template in one language as somebody writes it; an empty text is made from the MJML."""

    subject: str
    mjml: str
    text: str
    language: str  # BCP-47
    context: Context
    purpose: Purpose
    short: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft that was looked through; ``source`` is None where an error stands among the faults."""

    faults: tuple[Fault, ...]
    source: TemplateSource | None
    is_text_made: bool


def look_through(draft: Draft, own_hosts: Collection[str], footers: Collection[Mapping[str, str]]) -> Looked:
    """The draft with what is wrong with it, ready to be sent if nothing is.

    ``own_hosts`` are the shop's; ``footers`` what its brands say at the foot of messages, which may stand there
    literally.
    """
    try:
        source, is_text_made = _source(draft)
        faults = list(_literal(draft, own_hosts))
        faults += _as_service(draft) if draft.purpose is Purpose.SERVICE else []
        if not any(fault.is_error for fault in faults):
            sample = sample_values(draft.context, draft.language)
            faults += _filled(draft, render(source, sample, SECONDS_AT_SAVE), footers)
    except TemplateError as error:
        return Looked(error.faults, None, False)
    is_wrong = any(fault.is_error for fault in faults)
    return Looked(tuple(dict.fromkeys(faults)), None if is_wrong else source, is_text_made)


def _source(draft: Draft) -> tuple[TemplateSource, bool]:
    """What will be sent, its Liquid and its names in order. Raises TemplateError with all that is not."""
    sources = _parts(draft)
    faults = [
        Fault(FaultCode.TOO_LONG, part, name=str(LONGEST[part]))
        for part, source in sources.items()
        if len(source) > LONGEST[part]
    ]
    names = names_of(draft.context)
    for part, source in sources.items() if not faults else ():
        try:
            faults += find_faults(part, source, names, has_lines=part != "subject")
        except TemplateError as error:
            faults += error.faults
    if faults:
        raise TemplateError(faults)
    html = compile_mjml(draft.mjml)
    text = draft.text if draft.text.strip() else plain_text(draft.mjml)
    return TemplateSource(draft.subject, html, text, draft.language, draft.short), text != draft.text


def _parts(draft: Draft) -> dict[str, str]:
    html = without_comments(draft.mjml)
    return {"subject": draft.subject, "html": html, "text": draft.text, "short": draft.short}


def _as_service(draft: Draft) -> list[Fault]:
    """What a message of service may not use."""
    sources = _parts(draft)
    return [
        Fault(FaultCode.OFFER_AS_SERVICE, part, name=name)
        for part, source in sources.items()
        for name in commercial_names(used_names(part, source))
    ]


def _literal(draft: Draft, own_hosts: Collection[str]) -> Iterator[Fault]:
    """What stands in the MJML and the text whatever a message's values are."""
    marked = mark("html", without_comments(draft.mjml))
    for tag in _TAG.finditer(marked.text):
        name, attributes = tag[1].lower(), _attributes(tag[2])
        line = marked.line(tag.start())
        yield from _in_tag(name, attributes, line)
        for key in ("href", "src", "background-url"):
            if key in attributes and name not in ("mj-font",):
                is_link = key == "href" and name in _LINKS
                yield from _in_address(_written(attributes[key], marked), "html", line, own_hosts, is_link)
    for number, line_text in enumerate(draft.text.splitlines(), 1):
        for address in _ADDRESS.findall(line_text):
            yield from _in_address(address, "text", number, own_hosts, is_link=True)


def _attributes(text: str) -> dict[str, str]:
    return {found[1].lower(): found[2] if found[2] is not None else found[3] for found in _ATTRIBUTE.finditer(text)}


def _written(value: str, marked: Marked) -> str:
    """An address up to where Liquid goes on."""
    return _MARKED.split(value, maxsplit=1)[0].strip() if not _MARKED.match(value.strip()) else marked.restore(value)


def _in_tag(name: str, attributes: Mapping[str, str], line: int) -> Iterator[Fault]:
    shown = f"<{name}>"
    if name in _ACTIVE:
        yield Fault(FaultCode.ACTIVE_CONTENT, "html", line, shown)
    for key in attributes:
        if key.startswith("on"):
            yield Fault(FaultCode.ACTIVE_CONTENT, "html", line, key)
    if name in _PICTURES - {"mj-hero"} and "alt" not in attributes:  # an empty one says that it only decorates
        yield Fault(FaultCode.ALT_MISSING, "html", line, shown)
    if name == "img" and not ("width" in attributes or "width" in attributes.get("style", "")):
        yield Fault(FaultCode.SIZE_MISSING, "html", line, shown)


def _in_address(address: str, part: str, line: int, own_hosts: Collection[str], is_link: bool) -> Iterator[Fault]:
    if is_link and address in ("", "#"):
        yield Fault(FaultCode.LINK_EMPTY, part, line)
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        yield Fault(FaultCode.LINK_EMPTY, part, line, address)
        return
    if parts.scheme.lower() in ("javascript", "vbscript", "data"):
        yield Fault(FaultCode.ACTIVE_CONTENT, part, line, f"{parts.scheme}:")
    if parts.scheme.lower() == "http":
        yield Fault(FaultCode.PLAIN_HTTP, part, line, address)
    if is_link and host and not any(host == own or host.endswith(f".{own}") for own in own_hosts):
        yield Fault(FaultCode.FOREIGN_LINK, part, line, host)


def _filled(draft: Draft, words: Rendered, footers: Collection[Mapping[str, str]]) -> Iterator[Fault]:
    """What shows only in a message."""
    is_commercial = draft.purpose is Purpose.COMMERCIAL
    sample = sample_values(draft.context, draft.language)
    if len(words.subject) > SUBJECT_SHOWN:
        yield Fault(FaultCode.SUBJECT_LONG, "subject", name=str(len(words.subject)))
    if (size := len(words.html.encode())) > CLIPPED_AT:
        yield Fault(FaultCode.TOO_LARGE, "html", name=str(size // 1024))
    missing = FaultCode.FOOTER_MISSING if is_commercial else FaultCode.SERVICE_FOOTER_MISSING
    for part, text in (("html", words.html), ("text", words.text)):
        if is_commercial and sample["links"]["unsubscribe"] not in text:
            yield Fault(FaultCode.UNSUBSCRIBE_MISSING, part)
        for name in FOOTER:
            written = {sample["footer"][name], *(footer.get(name, "") for footer in footers)} - {""}
            if written and not any(value in text for value in written):
                yield Fault(missing, part, name=f"footer.{name}")

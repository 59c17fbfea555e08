"""The mailbox's pages: what came, and each mail as it looks."""

import re
from collections.abc import Callable

from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from .layout import document, tool_header
from .mailbox import Mail, Mailbox

Page = Callable[..., Response]
_WIDTHS, _SCHEMES = (600, 320), ("light", "dark")
# The mail cannot run scripts; pictures may come from this machine only; links open a tab of their own.
_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: http://127.0.0.1:* http://localhost:*"
)


def inbox(mailbox: Mailbox, request: Request) -> Response:
    rows = Markup("").join(
        Markup('<tr><td><a href="/mail/{}">{}</a></td><td>{}</td><td class="number soft small">{}</td></tr>').format(
            mail.id, mail.message["Subject"] or "(no subject)", ", ".join(mail.to), _time(mail)
        )
        for mail in mailbox.mails()
    )
    table = Markup(
        '<div class="card pad scroll"><table><thead><tr><th>Subject</th><th>To</th>'
        '<th class="number">Received (UTC)</th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(rows)
    empty = Markup('<p class="note">No mail yet. Whatever the app sends to this SMTP server lands here.</p>')
    body = Markup("<h1>Mailbox</h1>{}").format(table if rows else empty)
    return _html(document("Mailbox", body, tool_header()))


def mail(mailbox: Mailbox, request: Request, identifier: int) -> Response:
    found = _find(mailbox, identifier)
    width = request.args.get("width", 600, int)
    scheme = "dark" if request.args.get("scheme") == "dark" else "light"
    frame = Markup(
        '<iframe class="{}" title="The mail" width="{}" src="/mail/{}.html?scheme={}"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    ).format(scheme, width, found.id, scheme)
    headers = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in found.message.items()
    )
    body = Markup(
        '<p class="small"><a href="/mail/">All mail</a></p><h1>{}</h1>'
        '<p class="soft">To {} · {} UTC</p><div class="card pad"><p class="tabs row">{}</p>{}</div>'
        '<div class="card pad"><h2>Text part</h2><pre>{}</pre></div>'
        '<div class="card pad"><h2>Headers</h2><dl>{}</dl></div>'
    ).format(
        found.message["Subject"] or "(no subject)", ", ".join(found.to), _time(found),
        _tabs(width, scheme), frame, found.part("plain") or "(none)", headers,
    )  # fmt: skip
    return _html(document(str(found.message["Subject"]), body, tool_header()))


def html(mailbox: Mailbox, request: Request, identifier: int) -> Response:
    """The html part alone. ``?scheme=`` decides the media queries that the reader's system would decide."""
    content = _find(mailbox, identifier).part("html") or "<p>This mail has no HTML part.</p>"
    scheme = request.args.get("scheme")
    if scheme in _SCHEMES:
        other = "light" if scheme == "dark" else "dark"
        content = re.sub(rf"\(\s*prefers-color-scheme:\s*{scheme}\s*\)", "(min-width: 0)", content)
        content = re.sub(rf"\(\s*prefers-color-scheme:\s*{other}\s*\)", "(max-width: 0)", content)
    added = '<base target="_blank">'
    if scheme in _SCHEMES:
        added += f"<style>:root {{ color-scheme: {scheme}; }}</style>"
    head = re.search(r"<head[^>]*>", content)
    at = head.end() if head else 0
    content = content[:at] + added + content[at:]
    return _html(content, {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"})


def text(mailbox: Mailbox, request: Request, identifier: int) -> Response:
    found = _find(mailbox, identifier)
    return Response(found.part("plain"), content_type="text/plain; charset=utf-8")


PAGES: tuple[tuple[str, Page], ...] = (
    ("", inbox),
    ("<int:identifier>", mail),
    ("<int:identifier>.html", html),
    ("<int:identifier>.txt", text),
)


def _tabs(width: int, scheme: str) -> Markup:
    choices = [(w, scheme, f"{w} px") for w in _WIDTHS] + [(width, s, s.capitalize()) for s in _SCHEMES]
    return Markup("").join(
        Markup('<a href="?width={}&scheme={}"{}>{}</a>').format(
            w, s, Markup(' aria-current="true"') if (w, s) == (width, scheme) else "", label
        )
        for w, s, label in choices
    )


def _find(mailbox: Mailbox, identifier: int) -> Mail:
    found = mailbox.mail(identifier)
    if found is None:
        raise NotFound
    return found


def _time(mail: Mail) -> str:
    return mail.received_at[:19].replace("T", " ")


def _html(body: str, headers: dict[str, str] | None = None) -> Response:
    return Response(body, content_type="text/html; charset=utf-8", headers=headers)

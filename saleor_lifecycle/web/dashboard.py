"""The Dashboard extension: one document for every path below /dashboard. What it shows comes over GraphQL.

The document holds nothing of any shop and any Dashboard may frame it: shops host theirs anywhere, and no list of them
could be complete. Nothing can be clicked in a stranger's frame, because the token that every question takes comes from
the shop's own Dashboard; no cookie does.
"""

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",  # previews of messages: preview.html has a policy of its own
        "base-uri 'self'",
        "form-action 'none'",
    )
)
DOCUMENT = "dashboard/index.html"
NOT_BUILT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Lifecycle</title>'
    "<h1>The Dashboard extension is not built</h1>"
    "<p>Run <code>make extension</code>, then start the app again. Packages of the app hold it already.</p></html>"
)


def is_built() -> bool:
    """Is the extension there to be served?"""
    return finders.find(DOCUMENT) is not None


@require_safe
def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer the extension's one document; the page itself looks at the path."""
    found = finders.find(DOCUMENT)
    if found is None:
        return _framed(HttpResponse(NOT_BUILT, status=503))
    document = Path(found).read_text(encoding="utf-8")
    # The files' addresses in it are relative, because the app may be reached below a path.
    root = urlsplit(settings.IFRAME_URL).path.rstrip("/")
    base = f'<base href="{escape(f"{root}{settings.STATIC_URL}dashboard/")}">'
    return _framed(HttpResponse(document.replace("<head>", f"<head>{base}", 1)))


def _framed(answer: HttpResponse) -> HttpResponse:
    # Neither X-Frame-Options nor frame-ancestors: see above.
    answer["Content-Security-Policy"] = CONTENT_POLICY
    answer["Referrer-Policy"] = "same-origin"  # the address names a customer
    answer["Cache-Control"] = "no-store"  # it names the files of one build
    return answer

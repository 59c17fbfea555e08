"""What a web server runs: Django, and before it the one path that shops call all day.

A delivery needs none of Django's middleware, routing and signals, which cost more than all that is done for it. What
their end-of-request signal would do for its database connection, the entry to the database does at the next use.
"""

import os
from collections.abc import Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_lifecycle.settings")

django = get_wsgi_application()

from saleor_lifecycle.web import webhooks  # noqa: E402 - not before Django is set up

DELIVERIES = "/api/webhooks/saleor"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ.get("PATH_INFO") != DELIVERIES:
        return django(environ, start_response)
    answer = webhooks.receive(WSGIRequest(environ))
    length = ("Content-Length", str(len(answer.content)))
    start_response(f"{answer.status_code} {answer.reason_phrase}", [*answer.items(), length])
    return [answer.content]

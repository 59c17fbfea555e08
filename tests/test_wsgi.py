"""Deliveries are answered before Django's own handler; to a shop that must look the same."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from saleor_lifecycle.wsgi import application


def ask(method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """Return what a web server would be given to send."""
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "app.example.com",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answer = b"".join(application(environ, lambda status, headers: said.extend((status, dict(headers)))))
    return int(said[0].split()[0]), said[1], answer


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/api/webhooks/saleor", "/api/webhooks/saleor/", "/nothing"])
def test_a_delivery_is_answered_as_django_answers_it(method: str, path: str) -> None:
    status, _, body = ask(method, path, b"{}")
    by_django = Client().generic(method, path, b"{}", content_type="application/json")
    assert (status, body) == (by_django.status_code, by_django.content)


def test_the_length_is_said_so_that_the_answer_goes_in_one_piece() -> None:
    status, headers, body = ask("POST", "/api/webhooks/saleor", b"{}")
    assert (status, headers["Content-Length"]) == (401, str(len(body)))
    assert headers["Content-Type"] == "application/json"

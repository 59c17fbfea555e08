import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import httpx
import pytest

from saleor_lifecycle.sandbox.server import Options, Sandbox, running

HTML = """<!doctype html><html><head>
<style>@media (prefers-color-scheme: dark) { p { color: #eee } }</style></head>
<body><p>¡Hola, Ana!</p><a href="http://127.0.0.1:8000/r/abc?x=1&amp;y=2">Tu carrito</a>
<a href="http://127.0.0.1:8000/u/abc">Baja</a><script>alert(1)</script></body></html>"""


def _send(sandbox: Sandbox, to: str = "ana@example.com", subject: str = "¿Sigues ahí? <b>") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", to, subject
    message["Message-ID"] = "<1@example.com>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Hola, Ana: tu carrito te espera.")
    message.add_alternative(HTML, subtype="html")
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as smtp:
        smtp.send_message(message)


Get = Callable[[Sandbox, str], httpx.Response]


@pytest.fixture
def get(http: httpx.Client) -> Get:
    return lambda sandbox, path: http.get(sandbox.url + path)


def test_lists_mails_for_automation(sandbox: Sandbox, get: Get) -> None:
    _send(sandbox)
    _send(sandbox, to="luis@example.com", subject="Later")

    later, first = get(sandbox, "/mail.json").json()
    assert (later["to"], later["subject"]) == ("luis@example.com", "Later")
    assert (first["id"], first["to"], first["subject"]) == (1, "ana@example.com", "¿Sigues ahí? <b>")
    assert first["message_id"] == "<1@example.com>"
    assert first["links"] == ["http://127.0.0.1:8000/r/abc?x=1&y=2", "http://127.0.0.1:8000/u/abc"]
    assert first["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["received_at"].endswith("+00:00")


def test_shows_a_mail_without_trusting_it(sandbox: Sandbox, get: Get) -> None:
    _send(sandbox)

    page = get(sandbox, "/mail/1").text
    assert "¿Sigues ahí? &lt;b&gt;" in page
    assert "alert(1)" not in page
    assert "tu carrito te espera" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert get(sandbox, "/mail/").text.count("/mail/1") == 1


def test_html_part_comes_alone_and_may_run_nothing(sandbox: Sandbox, get: Get) -> None:
    _send(sandbox)

    answer = get(sandbox, "/mail/1.html")
    assert "¡Hola, Ana!" in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox allow-popups")
    assert "allow-scripts" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("scheme", "query"), [("dark", "(min-width: 0)"), ("light", "(max-width: 0)")])
def test_scheme_is_chosen_by_the_address(scheme: str, query: str, sandbox: Sandbox, get: Get) -> None:
    _send(sandbox)

    assert f"@media {query} {{ p" in get(sandbox, f"/mail/1.html?scheme={scheme}").text


def test_text_part_comes_alone(sandbox: Sandbox, get: Get) -> None:
    _send(sandbox)

    assert get(sandbox, "/mail/1.txt").text.strip() == "Hola, Ana: tu carrito te espera."


@pytest.mark.parametrize("path", ["/mail/1", "/mail/1.html", "/mail/1.txt", "/mail/x"])
def test_unknown_mail_is_404(path: str, sandbox: Sandbox, get: Get) -> None:
    assert get(sandbox, path).status_code == 404


def test_mails_survive_a_restart(options: Options, get: Get) -> None:
    with running(options) as sandbox:
        _send(sandbox)
    with running(options) as sandbox:
        assert len(get(sandbox, "/mail.json").json()) == 1

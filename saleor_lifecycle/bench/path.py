"""``path``: from a signed checkout webhook to a mail, beside one straight script that does the same work.

Ours: the web's handler verifies and stores, the tasks read, fold, enrol, queue, ask the shop, decide, render, claim,
send and record. The script: verify, insert, render, build the MIME, smtplib, commit. Counted are the CPU seconds of the
one process that does it; database, mail server and shop are others' on both sides.
"""

import base64
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions.installations import Registration
from saleor_lifecycle.channels import links, ready
from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.messages import Context
from saleor_lifecycle.models import Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.processes import Group, Program
from saleor_lifecycle.saleor.webhooks import parse_jwks
from saleor_lifecycle.tasks import events, flows, messages
from saleor_lifecycle.tasks.installations import add_ready_templates

from . import bare, deliveries, mailing
from .outcome import Measured, Outcome, at_most
from .side import Side
from .sink import counted
from .surroundings import Unfit, free_port, own_database, wait_for

AIM = 3.0
WARM_UP = 1
ROUNDS = 10
WEBHOOKS = 500
"""In a round; 5,000 in all."""
LEFT = timedelta(hours=2)


def run(now: datetime) -> Outcome:
    """Return what rounds of ours and the script's, in turn, came to. Raises Unfit."""
    with own_database() as url, mailing.running_sink() as port, Group() as group:
        shop_port = free_port()
        group.start(Program("shop", [sys.executable, "-m", "saleor_lifecycle.bench.cart_shop", str(shop_port)]))
        wait_for(shop_port, group)
        api_url = f"http://127.0.0.1:{shop_port}/graphql/"
        held = deliveries.make_shop()
        shop = deliveries.SigningShop(api_url, held.app_id, held.key)
        installed = mailing.open_shop(Registration(api_url, shop.app_id, "token", shop.jwks, "3.23.28"), now)
        add_ready_templates(installed.pk, now)
        os.environ["BENCH_JWKS"] = json.dumps(shop.jwks)
        signed = _file(shop, now)
        options: dict[str, Any] = {"port": port, "api_url": api_url, "signed": signed}
        with Side(f"{__name__}:ours", url, **options) as app, Side(f"{__name__}:script", url, **options) as hand:
            times = [(app.round(), hand.round()) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
            peak = app.peak_mb
        os.unlink(signed)
        if counted(port) != 2 * WEBHOOKS * (WARM_UP + ROUNDS):
            raise Unfit(f"{counted(port)} mails came")
    measured = Measured(WEBHOOKS, [one for one, _ in times], [other for _, other in times], peak)
    return at_most(AIM, "path", [measured], {"rounds": ROUNDS, "webhooks": WEBHOOKS, "counted": "CPU of one process"})


def _file(shop: deliveries.SigningShop, now: datetime) -> str:
    """Write signed bodies to a file, each about another cart; return its name."""
    made, delivery = [], json.loads(deliveries.RECORDED.read_text(encoding="utf-8"))
    delivery["recipient"]["id"] = shop.app_id
    for number in range(WEBHOOKS * (WARM_UP + ROUNDS)):
        at = (now - LEFT + timedelta(milliseconds=number)).isoformat(timespec="microseconds")
        delivery["issuedAt"] = delivery["checkout"]["updatedAt"] = at
        delivery["checkout"] |= {
            "id": _checkout_id(number),
            "email": f"person{number}@example.com",
            "metadata": [{"key": "marketing_consent", "value": "yes"}],
        }
        body = json.dumps(delivery)
        made.append(json.dumps([shop.signature(body.encode()), body]))
    name = f"/tmp/lifecycle_bench_{os.getpid()}.jsonl"
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(made))
    return name


def _checkout_id(number: int) -> str:
    return base64.b64encode(f"Checkout:{number:032x}".encode()).decode()


def ours(port: int, api_url: str, signed: str) -> Iterator[float]:
    """Yield the CPU seconds of each round of the app."""
    application = import_module("saleor_lifecycle.wsgi").application  # what a web server is told to run, by its name
    mailing.use_sink(port)
    settings.CELERY_BROKER_URL = "memory://"
    every = _read(signed)
    before = 0
    while True:
        batch = [next(every) for _ in range(WEBHOOKS)]
        begun = time.process_time()
        for signature, body in batch:
            _deliver(application, api_url, signature, body)
        now = timezone.now()
        while events.run(1, now):
            pass
        while flows.run(1, now):
            pass
        while messages.run(1, timezone.now()):
            pass
        seconds = time.process_time() - begun
        before += WEBHOOKS
        with within(1):
            if Message.objects.filter(state="sent").count() != before:
                states = list(Message.objects.exclude(state="sent").values_list("state", "reason")[:3])
                raise Unfit(f"not every webhook became a mail: {states}")
        yield seconds


def _deliver(application: Any, api_url: str, signature: str, body: bytes) -> None:
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": deliveries.PATH,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_SALEOR_EVENT": "checkout_updated",
        "HTTP_SALEOR_DOMAIN": "bench.example.com",
        "HTTP_SALEOR_API_URL": api_url,
        "HTTP_SALEOR_SIGNATURE": signature,
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }
    application(environ, lambda status, headers: said.append(status))
    if not said[0].startswith("200"):
        raise Unfit(f"a delivery was answered {said[0]}")


def script(port: int, api_url: str, signed: str) -> Iterator[float]:
    """Yield the CPU seconds of each round of the straight script."""
    hand = mailing.ByHand(port)
    hand.database.execute(bare.TABLE)
    with within(1):
        installation = Installation.objects.get()
    keys = parse_jwks(installation.jwks)
    one = next(held for held in ready.ready_templates() if (held.key, held.language) == ("abandoned-cart-1", "en"))
    source = TemplateSource(one.subject, compile_mjml(one.mjml), one.text, "en")
    every = _read(signed)
    while True:
        batch = [next(every) for _ in range(WEBHOOKS)]
        begun = time.process_time()
        for signature, body in batch:
            header, _, seal = signature.encode().split(b".")
            keys["bench"].verify(
                base64.urlsafe_b64decode(seal + b"=="), header + b"." + body, bare._padding, bare._hash
            )
            now = timezone.now()
            hand.database.execute("INSERT INTO bench_bare (received_at, body) VALUES (%s, %s)", [now, body])
            cart = json.loads(body)["checkout"]
            message_id = uuid4()
            link = links.unsubscribe_url(settings.PUBLIC_URL, links.Link(installation.public_id, message_id))
            words = render(source, _values(cart, link))
            hand.send(message_id, cart["email"], words, link, now)
        yield time.process_time() - begun


def _values(cart: dict[str, Any], link: str) -> dict[str, Any]:
    values = sample_values(Context.CART, "en")
    currency = cart["totalPrice"]["gross"]["currency"]
    values["cart"] = {
        "lines": [
            {
                "product": line["variant"]["product"]["name"],
                "variant": line["variant"]["name"],
                "quantity": line["quantity"],
                "total": str(line["totalPrice"]["gross"]["amount"]),
                "currency": currency,
                "image": line["variant"]["product"]["thumbnail"]["url"],
                "image_alt": line["variant"]["product"]["name"],
            }
            for line in cart["lines"]
        ],
        "total": str(cart["totalPrice"]["gross"]["amount"]),
        "currency": currency,
    }
    values["links"]["unsubscribe"] = link
    return values


def _read(signed: str) -> Iterator[tuple[str, bytes]]:
    with open(signed, encoding="utf-8") as file:
        for line in file:
            signature, body = json.loads(line)
            yield signature, body.encode()

"""``demo``: the whole app on one machine, with a shop to try it on; nothing installed, everything in one folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from kombu.connection import Connection

from saleor_lifecycle import embedded
from saleor_lifecycle.processes import Group, Program, beat, web, worker

QUEUES = ("sweep", "process", "send", "deliver", "bulk")
PATIENCE = 120.0
"""Seconds in which the app has to be up and installed."""
CUSTOMERS = 320
"""Those of the shop's past: enough for recommendations to have something to go by."""
GUIDE = """
Ready. Open the sandbox page: its buttons let a customer do what starts a flow, in either language.
The mails come to the mailbox page:
  Leave a cart            three mails, after 10, 30 and 50 seconds; the last one with a code
  Buy for the first time  thanks after 5 seconds; 10 after the delivery how to care for it, 20 later a review.
                          The next idea comes on the day on which such customers order again: in weeks
  Buy what goes with ...  after 15 seconds, what others bought with it
  Be lost                 three mails, after 10 seconds and one each 15; the last one with a code
The first code of a kind on a day is made when somebody wants one: that mail comes about two minutes later.
Of those who were lost before the app came, one a minute gets these too.
Or do it by hand in the shop: fill a cart, give an address, say yes to reminders, and leave. Ctrl-C ends it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    app: int
    sandbox: int
    smtp: int

    @property
    def app_url(self) -> str:
        return f"http://127.0.0.1:{self.app}"

    @property
    def iframe_url(self) -> str:
        """The app by another name of this machine: to a browser another site than the shop, as in production."""
        return f"http://localhost:{self.app}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox}"


class Command(BaseCommand):
    help = "Runs the app with an embedded PostgreSQL, a sandbox shop and a mailbox, until Ctrl-C."
    # The settings that this command itself runs under are placeholders: its programs get the real ones.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(".demo"), help="where data, secrets and logs are kept")
        parser.add_argument("--check", action="store_true", help="play a story of each flow headless, then end")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        folder = folder.resolve()
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        with Group() as group:
            self._step(1, "PostgreSQL")
            try:
                server = embedded.start(folder / "postgres")
            except embedded.EmbeddedError as error:
                raise CommandError(str(error)) from error
            try:
                self._run(group, server, folder, is_check=check)
            finally:
                group.end()  # before the database goes from under them
                server.stop()
        self.stdout.write("Everything has ended. The data stay in " + str(folder))

    def _run(self, group: Group, server: embedded.Embedded, folder: Path, *, is_check: bool) -> None:
        addresses = addresses_in(folder)
        environment = environment_of(addresses, server, embedded.secrets_in(folder))
        self._step(2, "tables and queues")
        run_to_its_end(("migrate", "--no-input"), environment, folder / "logs" / "migrate.log")
        prepare_broker(server.broker_url)
        self._step(3, f"sandbox shop on port {addresses.sandbox}; web on port {addresses.app}; worker; beat")
        for program in programs(addresses, environment, folder):
            group.start(program)
        self._step(4, "waiting for the web to answer")
        self._wait(group, folder, lambda: is_answering(f"{addresses.app_url}/healthz"))
        self._step(5, "waiting for the shop to install the app")
        self._wait(group, folder, lambda: is_installed(server, addresses))
        run_to_its_end(configuration(addresses), environment, folder / "logs" / "configure.log")
        self._step(6, "reading the shop's history, and switching the four flows on: half a minute")
        flows = ("demo_flows", f"{addresses.sandbox_url}/graphql/")
        run_to_its_end(flows, environment, folder / "logs" / "flows.log")
        if is_check:
            story = (sys.executable, "-m", "saleor_lifecycle", "demo_check", "--sandbox", addresses.sandbox_url)
            group.start(Program("check", story, environment))
        else:
            self._show(addresses, folder)
        name, code = group.wait()
        if name == "check":
            if code:
                raise CommandError(f"The check failed; the programs' logs are in {folder / 'logs'}", returncode=code)
        elif name:
            raise ended_too_soon(name, code, folder)

    def _wait(self, group: Group, folder: Path, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_ready():
            if ended := group.ended():
                name, code = ended
                if not name:
                    sys.exit(0)
                raise ended_too_soon(name, code, folder)
            if time.monotonic() > deadline:
                raise CommandError(f"Not ready after {PATIENCE:.0f} seconds; the logs in {folder / 'logs'} say why")
            time.sleep(0.2)

    def _step(self, number: int, what: str) -> None:
        self.stdout.write(f"{number}/6 {what}")
        self.stdout.flush()

    def _show(self, addresses: Addresses, folder: Path) -> None:
        rows = [
            ("Sandbox", f"{addresses.sandbox_url}/sandbox"),
            ("Shop", f"{addresses.sandbox_url}/"),
            ("Dashboard", f"{addresses.sandbox_url}/dashboard-host/"),
            ("Mailbox", f"{addresses.sandbox_url}/mail/"),
            ("Deliveries", f"{addresses.sandbox_url}/deliveries"),
            ("App's health", f"{addresses.app_url}/healthz"),
            ("Logs", str(folder / "logs")),
        ]
        width = max(len(name) for name, _ in rows)
        self.stdout.write("\n" + "\n".join(f"  {name:<{width}}  {address}" for name, address in rows))
        self.stdout.write(GUIDE)
        self.stdout.flush()


def programs(addresses: Addresses, environment: Mapping[str, str], folder: Path) -> list[Program]:
    sandbox = [
        *(sys.executable, "-m", "saleor_lifecycle.sandbox", "--port", str(addresses.sandbox)),
        *("--smtp-port", str(addresses.smtp), "--data", str(folder / f"sandbox-{addresses.sandbox}")),
        *("--app-manifest", f"{addresses.app_url}/api/manifest", "--retry-scale", "0.1"),
        *("--customers", str(CUSTOMERS)),
    ]
    ours = (web(f"127.0.0.1:{addresses.app}"), worker(), beat(), Program("sandbox", sandbox))
    return [
        Program(one.name, one.command, {**one.environment, **environment}, folder / "logs" / f"{one.name}.log")
        for one in ours
    ]


def environment_of(addresses: Addresses, server: embedded.Embedded, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return every setting of the demo's programs; what a .env says must not send a demo's mail to a real provider."""
    return {
        **secrets,
        "DEBUG": "false",
        "PUBLIC_URL": addresses.app_url,
        "IFRAME_URL": addresses.iframe_url,
        "DATABASE_URL": server.database_url,
        "CELERY_BROKER_URL": server.broker_url,
        "SWEEP_SECONDS": "1",
        "ABANDONED_CART_HOLDOUT": "0",
        "ABANDONED_CART_SECONDS": "5,10,30,50",  # as demo_flows sets them: it knows three touches
        "ALLOW_PRIVATE_ADDRESSES": "true",
        "ALLOWED_DOMAIN_PATTERN": "",
        "SALEOR_API_URL_REWRITES": "{}",
        "ALLOWED_HOSTS": "*",
        "MANIFEST_APP_ID": "saleor.app.lifecycle",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(addresses.smtp),
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": "false",
        "EMAIL_USE_SSL": "false",
        "ANYMAIL": "{}",
        "TRUSTED_SENDERS": "shop.example",
        "MAIL_FROM": "",
        "PYTHONUNBUFFERED": "1",
    }


def addresses_in(folder: Path) -> Addresses:
    """Return the ports of the shop whose data are in ``folder``, chosen at its first start.

    The shop remembers where the app is, and the app where the shop is: at other ports the two would not meet.
    """
    held = folder / "ports"
    if not held.exists():
        addresses = choose_addresses()
        held.write_text(f"{addresses.app} {addresses.sandbox} {addresses.smtp}\n")
        return addresses
    addresses = Addresses(*map(int, held.read_text().split()))
    if taken := [port for port in astuple(addresses) if not is_free(port)]:
        ports = ", ".join(map(str, taken))
        raise CommandError(f"In use: port {ports}, at which {folder} was set up. Free it, or give another --folder")
    return addresses


def choose_addresses() -> Addresses:
    """Return ports that are free: the usual ones, or all of them moved up by the same tens."""
    for step in range(0, 1000, 10):
        addresses = Addresses(8000 + step, 8001 + step, 8025 + step)
        if all(map(is_free, astuple(addresses))):
            return addresses
    raise CommandError("No free ports between 8000 and 9000")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def configuration(addresses: Addresses) -> tuple[str, ...]:
    """Return the command that says who speaks in the demo's messages; before that, none leaves."""
    shop = addresses.sandbox_url
    return (
        *("configure", f"{shop}/graphql/", "--projection", "on", "--warm-up", "off", "--at-most", "any"),
        *("--sender-email", "hello@shop.example", "--reply-to", "hello@shop.example"),
        *("--company", "Sandbox Shop, S.L.", "--tax-id", "B00000000", "--contact-email", "hello@shop.example"),
        *("--postal-address", "Calle Mayor 1, 28013 Madrid", "--storefront-url", f"{shop}/"),
        *("--cart-url", f"{shop}/checkout?checkout={{checkout_id}}"),
    )


def run_to_its_end(command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "-m", "saleor_lifecycle", *command],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a Ctrl-C waits until it is whole
        )
    if done.returncode:
        raise CommandError(f"`{command[0]}` failed:\n{tail(log)}")


def prepare_broker(url: str) -> None:
    """Make the broker's tables and queues, which programs starting at once would make twice; drop stale messages.

    Kombu keeps what it delivered, so the table would grow for ever; what a dropped message asked for, the sweep finds.
    """
    with Connection(url) as connection:
        for name in QUEUES:
            queue = connection.SimpleQueue(name)
            queue.clear()
            queue.close()


def is_answering(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def is_installed(server: embedded.Embedded, addresses: Addresses) -> bool:
    query = "SELECT 1 FROM lifecycle_installation WHERE state = 'active' AND saleor_api_url = %s"
    with psycopg.connect(server.admin_url, dbname="lifecycle") as connection:
        return connection.execute(query, [f"{addresses.sandbox_url}/graphql/"]).fetchone() is not None


def ended_too_soon(name: str, code: int, folder: Path) -> CommandError:
    log = folder / "logs" / f"{name}.log"
    return CommandError(f"{name} ended with exit code {code}. The end of {log}:\n{tail(log)}")


def tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])

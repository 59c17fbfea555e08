"""The whole sandbox in one process: shop, API, webhooks, pages and mailbox, on loopback."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from . import apps, catalogue, history, mailbox
from .deliveries import Deliveries, Disorder
from .records import AppInstallation
from .routes import Parts, application
from .schema import check_query, renderer
from .shop import Shop
from .signing import load_signer

HOST = "127.0.0.1"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """``port`` and ``smtp_port`` 0 take any free one. The defaults are a shop in perfect order.

    ``customers``: how many had bought before the shop was first started.
    """

    data: Path
    port: int = 0
    smtp_port: int = 0
    retry_scale: float = 1.0
    disorder: Disorder = field(default_factory=Disorder)
    confirms_accounts: bool = True
    customers: int = 0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that runs; the addresses, and its parts for tests in the same process."""

    url: str
    smtp_port: int
    shop: Shop
    deliveries: Deliveries
    mailbox: mailbox.Mailbox

    @property
    def api_url(self) -> str:
        return self.shop.api_url


@contextlib.contextmanager
def running(options: Options) -> Iterator[Sandbox]:
    """A sandbox that serves while the block runs. What it holds is kept in ``options.data``."""
    options.data.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        server = _bind(options.port)
        stack.callback(server.server_close)
        url = f"http://{HOST}:{server.server_port}"
        shop = Shop(options.data / "shop.sqlite", url, confirms_accounts=options.confirms_accounts)
        stack.callback(shop.close)
        signer = load_signer(options.data / "signing-key.pem")
        deliveries = Deliveries(shop, signer, renderer(shop, signer), options.retry_scale, options.disorder)
        shop.announce, shop.hand_over = deliveries.announce, deliveries.hand_over
        catalogue.furnish(shop)
        history.furnish(shop, options.customers)
        box = mailbox.Mailbox(options.data / "mail.sqlite")
        stack.callback(box.close)
        smtp_port = stack.enter_context(mailbox.listening(box, HOST, options.smtp_port))
        deliveries.start()
        stack.callback(deliveries.close)
        server.app = application(Parts(shop, signer, deliveries, box, _installer(shop)))
        stack.enter_context(_serving(server))
        yield Sandbox(url, smtp_port, shop, deliveries, box)


def keep_installed(shop: Shop, manifest_url: str, stopping: threading.Event) -> None:
    """Install the app as soon as it answers, unless it is installed; try once a second until then."""
    reason = ""
    while not apps.installed(shop, manifest_url):
        try:
            app = apps.install(shop, manifest_url, check_query)
        except apps.InstallationFailed as error:
            if str(error) != reason:
                _log.warning("The app is not installed yet: %s", error)
            reason = str(error)
        else:
            _log.info("Installed %s with %d permissions", app.identifier, len(app.permissions))
        if stopping.wait(1):
            return


def _installer(shop: Shop) -> Callable[[AppInstallation, Sequence[str] | None], None]:
    def start(installation: AppInstallation, permissions: Sequence[str] | None) -> None:
        arguments = (shop, installation, check_query, permissions)
        threading.Thread(target=apps.run_installation, args=arguments, daemon=True).start()

    return start


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: addresses hold checkout ids, which are secrets."""


@contextlib.contextmanager
def _serving(server: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def _bind(port: int) -> BaseWSGIServer:
    return make_server(HOST, port, lambda environ, start: [], threaded=True, request_handler=_QuietHandler)

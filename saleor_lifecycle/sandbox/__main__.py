"""``python -m saleor_lifecycle.sandbox``: run the sandbox until it is told to stop."""

import argparse
import logging
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from .deliveries import Disorder
from .server import Options, keep_installed, running
from .shoppers import keep_shopping


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m saleor_lifecycle.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--smtp-port", type=int, default=8025)
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps shop, mails and key")
    parser.add_argument("--app-manifest", help="address of the app to install as soon as it answers")
    parser.add_argument("--retry-scale", type=float, default=1.0, help="1.0 is Saleor's 10, 20, 40, 80, 160 s")
    parser.add_argument("--repeat", type=float, default=0.1, help="share of deliveries sent twice")
    parser.add_argument("--shuffle", type=float, default=0.3, help="share swapped with their neighbours")
    parser.add_argument("--late", type=float, default=0.01, help="share that comes long after the others")
    parser.add_argument("--seed", type=int, default=0, help="for disorder and shoppers")
    parser.add_argument("--customers", type=int, default=0, help="how many had bought before its first start")
    parser.add_argument("--shoppers", type=int, default=0, help="how many play by themselves at once")
    parser.add_argument("--pace", type=float, default=3.0, help="seconds between two of their actions")
    parser.add_argument("--no-confirmation", action="store_true", help="accounts may log in unconfirmed")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    given = _arguments(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger(__package__).setLevel(logging.INFO)
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    options = Options(
        data=given.data,
        port=given.port,
        smtp_port=given.smtp_port,
        retry_scale=given.retry_scale,
        disorder=Disorder(given.repeat, given.shuffle, given.late, given.seed),
        confirms_accounts=not given.no_confirmation,
        customers=given.customers,
    )
    with running(options) as sandbox:
        logging.getLogger(__package__).info(
            "Shop %s, mailbox %s/mail/, SMTP port %d", sandbox.url, sandbox.url, sandbox.smtp_port
        )
        if given.app_manifest:
            arguments = (sandbox.shop, given.app_manifest, stopping)
            threading.Thread(target=keep_installed, args=arguments, daemon=True).start()
        if given.shoppers:
            shopping = (sandbox.api_url, given.seed, given.shoppers, given.pace, stopping)
            threading.Thread(target=keep_shopping, args=shopping, daemon=True).start()
        stopping.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

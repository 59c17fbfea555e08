"""Nudges: work is waiting, look now. A lost one costs until the next sweep and nothing else."""

import logging
import threading
import time

from kombu.exceptions import OperationalError

from saleor_lifecycle.celery import app

PROCESS = "saleor_lifecycle.tasks.events.process"
SEND = "saleor_lifecycle.tasks.messages.send"
ADVANCE = "saleor_lifecycle.tasks.flows.advance"
DELIVERIES = "saleor_lifecycle.tasks.deliveries.deliveries"
ENTER = "saleor_lifecycle.tasks.entries.enter"
DELIVER = "saleor_lifecycle.tasks.outbox.deliver"
BACKFILL = "saleor_lifecycle.tasks.backfill.backfill"
REFIT = "saleor_lifecycle.tasks.fits.refit"
RESCORE = "saleor_lifecycle.tasks.rescorings.rescore"
ATTRIBUTES = "saleor_lifecycle.tasks.attributes.attributes"
LEARN = "saleor_lifecycle.tasks.recommendations.learn"
MOVE = "saleor_lifecycle.tasks.flow_moves.move"
CUSTOMER_FILES = "saleor_lifecycle.tasks.customer_files.customer_files"
OPT_INS = "saleor_lifecycle.tasks.opt_ins.follow"
ASK = "saleor_lifecycle.tasks.asking.ask"
RECONCILE = "saleor_lifecycle.tasks.installations.reconcile"
WEBHOOKS = "saleor_lifecycle.tasks.webhooks.deliver"
CHECK = "saleor_lifecycle.tasks.sender_domains.check"
JUDGE = "saleor_lifecycle.tasks.clicks.judge"
EVERY = 0.2
"""Seconds between two nudges of one installation."""

LASTS = 60.0
"""Seconds for which a nudge is worth anything."""

logger = logging.getLogger(__name__)


def nudge(task: str, installation_id: int) -> bool:
    """Publish a task for an installation, without retries; return whether the broker took it."""
    try:
        # Our own app by name: the current one is, in a web server and in its threads, one without our queues.
        # A nudge that waits longer than this has been overtaken by sweeps.
        app.send_task(task, args=[installation_id], retry=False, ignore_result=True, expires=LASTS)
    except (OperationalError, OSError) as error:
        logger.warning("the broker does not answer (%s); the sweep will find the work", type(error).__name__)
        return False
    return True


class Nudger:
    """Publishes from its own thread, so no webhook waits for the broker; each installation at most every 200 ms."""

    def __init__(self) -> None:
        self._waiting: set[int] = set()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def soon(self, installation_id: int) -> None:
        """Ask for a nudge within 200 ms."""
        if installation_id in self._waiting:
            return  # taken out before the nudge is published, so that one will still be after this
        with self._lock:
            self._waiting.add(installation_id)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="nudger", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(EVERY)
            with self._lock:
                waiting, self._waiting = self._waiting, set()
                self._wake.clear()
            for installation_id in waiting:
                try:
                    nudge(PROCESS, installation_id)
                except Exception:
                    logger.exception("a nudge failed; the sweep will find the work")


nudger = Nudger()

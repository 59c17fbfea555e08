"""Runs several programs as one: they start together, and when one ends or a signal comes they all end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings

PATIENCE = 10.0
"""Seconds for a program to end by itself. What a worker leaves undone then is a row, which the next one finds."""


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    """Where its output goes; None lets it through to ours."""


def web(bind: str, application: str = "saleor_lifecycle.wsgi") -> Program:
    """Return the program that answers HTTP at an address such as ``0.0.0.0:8000``."""
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", bind, "--worker-class", "gthread"),
        *("--workers", str(settings.WEB_WORKERS), "--threads", str(settings.WEB_THREADS)),
        # Beyond what Saleor waits for an answer, no answer is worth giving.
        *("--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "30"),
        # It would lie in the home folder, one for every app of the user.
        "--no-control-socket",
    ]
    return Program("web", command)


def worker() -> Program:
    command = [
        *(sys.executable, "-m", "celery", "-A", "saleor_lifecycle.celery", "worker"),
        *("-Q", "sweep,process,send,deliver,bulk", "--concurrency", str(settings.WORKER_CONCURRENCY)),
        # Workers do not talk to each other: the database says who has which row.
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", settings.LOG_LEVEL),
    ]
    return Program("worker", command)


def beat() -> Program:
    # The schedule is kept in memory: a file of it could be torn by a kill, and a sweep too many costs nothing.
    command = [
        *(sys.executable, "-m", "celery", "-A", "saleor_lifecycle.celery", "beat"),
        *("-S", "celery.beat:Scheduler", "--pidfile=", "--loglevel", settings.LOG_LEVEL),
    ]
    return Program("beat", command)


class Group:
    """Programs that live and die together. A context: on leaving it, however that comes, all of them are gone."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._was_asked_to_end = False

    def __enter__(self) -> "Group":
        self._handlers = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *error: object) -> None:
        self.end()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, program: Program) -> None:
        log = program.log.open("ab") if program.log else None
        try:
            self._running[program.name] = subprocess.Popen(
                program.command,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C at the terminal reaches only us; we end the others in order.
                start_new_session=True,
            )
        finally:
            if log:
                log.close()

    def ended(self) -> tuple[str, int] | None:
        """Return the name and exit code of a program that has ended, or ("", 0) when a signal asked us to end."""
        if self._was_asked_to_end:
            return "", 0
        for name, child in self._running.items():
            if (code := child.poll()) is not None:
                return name, code
        return None

    def wait(self) -> tuple[str, int]:
        """Wait until ``ended`` has something to say, and return it."""
        while (ended := self.ended()) is None:
            time.sleep(0.2)
        return ended

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._was_asked_to_end = True

    def end(self) -> None:
        """End every program: by asking, then by force."""
        for child in self._running.values():
            # Only the first of each: a Celery master lets its children finish what they hold.
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # whatever of its session outlived it
            child.wait()

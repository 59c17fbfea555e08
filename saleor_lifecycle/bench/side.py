"""One side of a comparison in a process of its own: its database is its own, and so is the memory it came to hold.

``python -m saleor_lifecycle.bench.side MODULE:FUNCTION OPTIONS`` calls the function, an iterator of seconds, and goes
on to its next round for each line it reads.
"""

import json
import os
import resource
import subprocess
import sys
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from .surroundings import Unfit


class Side:
    """A running side; each ``round`` is one step of its iterator."""

    def __init__(self, work: str, database_url: str, **options: Any) -> None:
        self.peak_mb = 0.0
        self._work = work
        self._process = subprocess.Popen(
            [sys.executable, "-m", "saleor_lifecycle.bench.side", work, json.dumps(options)],
            env={**os.environ, "DATABASE_URL": database_url, "LOG_LEVEL": "WARNING", "ALLOW_PRIVATE_ADDRESSES": "true"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def round(self) -> float:
        """Return the seconds that the next round took. Raises Unfit when the side ended instead."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            raise Unfit(f"{self._work} ended with exit code {self._process.wait()}")
        seconds, self.peak_mb = json.loads(said)
        return float(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


def main(work: str, options: str) -> None:
    import django

    django.setup()
    module, _, name = work.partition(":")
    rounds = getattr(import_module(module), name)(**json.loads(options))
    for _ in sys.stdin:
        seconds = next(rounds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps([seconds, peak]), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_lifecycle.settings")
    main(*sys.argv[1:])

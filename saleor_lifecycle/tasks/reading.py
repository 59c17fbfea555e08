"""The reading of a shop's pages, by a thread for each kind, some pages ahead of what is stored.

All readers together keep to the merchant's pace. None of them ever waits for the storing, unless it is so far behind
that the pages would fill the memory.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.models import Backfill
from saleor_lifecycle.saleor.errors import PermissionMissing
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.saleor.manifest import PERMISSIONS
from saleor_lifecycle.saleor.pages import NEEDED, Page

AHEAD = 10
"""Pages of a kind that may have been read and not stored."""
TOGETHER = 6
"""Pages that are stored in one transaction: one of each kind that has one, then more of the longest."""

Clock = Callable[[], datetime]


@dataclass
class Pace:
    """How fast a shop is asked, by all readers together."""

    per_second: float
    pause: Callable[[float], object]
    clock: Clock
    free_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self) -> None:
        """Wait until one more page may be asked for."""
        with self.lock:
            apart = timedelta(seconds=1 / self.per_second)
            now = self.clock()
            if self.free_at is not None and self.free_at > now:
                self.pause(min(self.free_at - now, apart).total_seconds())
            self.free_at = max(now, self.free_at or now) + apart


@dataclass(frozen=True, slots=True)
class Read:
    """A page, or what came in its place; ``goes_on`` says whether the next one is being read."""

    kind: Kind
    page: Page | None
    trouble: BaseException | None = None
    goes_on: bool = False


class Reading:
    """The pages that are being read, and the kinds that are held."""

    def __init__(
        self, shop: Shop, readers: Executor, held: dict[Kind, Backfill], pace: Pace, ends: float, consent_key: str
    ) -> None:
        self.held, self.pace, self.consent_key = held, pace, consent_key
        self._shop, self._ends, self._is_over = shop, ends, False
        self._came: SimpleQueue[Read] = SimpleQueue()
        self._ready: dict[Kind, deque[Read]] = {kind: deque() for kind in held}
        self._room = {kind: threading.Semaphore(AHEAD) for kind in held}
        self._open = set(held)
        for kind, row in list(held.items()):
            readers.submit(self._read_on, kind, row.cursor)

    def next(self) -> list[Read]:
        """Wait for pages and return those to be stored together, or alone what came in a page's place; [] at the end.

        One of each kind, so that no lease runs out, and then more of the one with most before it: its pages come one
        by one, and no other may hold it up.
        """
        self._hear()
        left = {kind: max(0, (row.total or 0) - row.done) for kind, row in self.held.items()}
        chosen: list[Read] = []
        while len(chosen) < TOGETHER:
            kinds = [kind for kind, ready in self._ready.items() if ready and (ready[0].page or not chosen)]
            if not kinds:
                break
            taken = {read.kind for read in chosen}
            kind = max(kinds, key=lambda kind: (kind not in taken, left.get(kind, 0)))
            read = self._ready[kind].popleft()
            self._room[kind].release()
            if read.page is None:
                return [read]
            left[kind] = left.get(kind, 0) - read.page.read
            chosen.append(read)
        return chosen

    def drop(self, kind: Kind) -> None:
        """Read no more of a kind, and forget what was."""
        del self.held[kind]
        self._ready[kind].clear()
        self._open.discard(kind)
        self._room[kind].release()

    def end(self) -> None:
        """Let the readers end once they have their answers."""
        self._is_over = True
        for room in self._room.values():
            room.release()

    def _hear(self) -> None:
        while True:
            is_idle = self._open and not any(self._ready.values())
            try:
                read = self._came.get(block=bool(is_idle))
            except Empty:
                return
            if read.kind in self.held:
                self._ready[read.kind].append(read)
                if not read.goes_on:
                    self._open.discard(read.kind)

    def _read_on(self, kind: Kind, cursor: str) -> None:
        goes_on = True
        while goes_on:
            self._room[kind].acquire()
            if self._is_over or kind not in self.held:
                return
            try:
                page = self._page(kind, cursor)
            except BaseException as trouble:
                self._came.put(Read(kind, None, trouble))
                return
            goes_on = page.cursor is not None and time.monotonic() < self._ends
            cursor = page.cursor or ""
            self._came.put(Read(kind, page, goes_on=goes_on))

    def _page(self, kind: Kind, cursor: str) -> Page:
        since = self.held[kind].since
        self.pace.keep()
        now = self.pace.clock()
        try:
            return self._shop.page(kind, cursor, since, now, self.consent_key)
        except PermissionMissing:
            missing = sorted(set(PERMISSIONS) - self._shop.installed_app().permissions) or [NEEDED[kind]]
            raise PermissionMissing(f"staff have to grant {', '.join(missing)}") from None

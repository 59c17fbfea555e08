"""A load of ready-made requests over kept-alive connections, each sending its next request once the last is answered.

``python -m saleor_lifecycle.bench.load`` runs it in a process of its own, so the server's threads need not share
an interpreter with it: from standard input a JSON line with the port, the number of connections and the length of
each request, then the requests; to standard output the report as JSON.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field

PATIENCE = 60.0
"""Seconds for the whole load."""


@dataclass(slots=True)
class Report:
    """``answered`` holds the numbers of the requests answered 200; ``lost`` counts connections that broke."""

    answered: list[int] = field(default_factory=list)
    refused: int = 0
    lost: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    """What the load itself took of the machine."""


@dataclass(slots=True)
class _Line:
    socket: socket.socket
    number: int = -1
    heard: bytes = b""


def send(port: int, requests: Sequence[bytes], connections: int, report: Report | None = None) -> Report:
    """Send every request and return what came of them; a report that is handed in can be watched meanwhile."""
    report = report or Report()
    waiting = iter(range(len(requests)))
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            line = _Line(socket.create_connection(("127.0.0.1", port)))
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
        started, cpu_started = time.perf_counter(), time.process_time()
        for key in list(selector.get_map().values()):
            _say_next(key.data, waiting, requests, selector, report)
        while selector.get_map() and time.perf_counter() - started < PATIENCE:
            for key, _ in selector.select(1.0):
                _hear(key.data, waiting, requests, selector, report)
        report.seconds = time.perf_counter() - started
        report.cpu_seconds = time.process_time() - cpu_started
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return report


def send_from_a_process(port: int, requests: Sequence[bytes], connections: int) -> Report:
    """Do what ``send`` does in another process. Raises CalledProcessError."""
    head = json.dumps({"port": port, "connections": connections, "lengths": [len(one) for one in requests]})
    done = subprocess.run(
        [sys.executable, "-m", "saleor_lifecycle.bench.load"],
        input=head.encode() + b"\n" + b"".join(requests),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Report(**json.loads(done.stdout))


def _say_next(
    line: _Line,
    waiting: Iterator[int],
    requests: Sequence[bytes],
    selector: selectors.BaseSelector,
    report: Report,
) -> None:
    line.heard = b""
    line.number = next(waiting, -1)
    if line.number < 0:
        _hang_up(line, selector)
        return
    try:
        line.socket.sendall(requests[line.number])
    except OSError:
        report.lost += 1
        _hang_up(line, selector)


def _hear(
    line: _Line,
    waiting: Iterator[int],
    requests: Sequence[bytes],
    selector: selectors.BaseSelector,
    report: Report,
) -> None:
    try:
        heard = line.socket.recv(65536)
    except OSError:
        heard = b""
    if not heard:
        report.lost += 1
        _hang_up(line, selector)
        return
    line.heard += heard
    if not _is_whole(line.heard):
        return
    if line.heard.startswith(b"HTTP/1.1 200 "):
        report.answered.append(line.number)
    else:
        report.refused += 1
    _say_next(line, waiting, requests, selector, report)


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    head = head.lower()
    if b"\r\ntransfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    _, _, length = head.partition(b"\r\ncontent-length:")
    return len(body) >= int(length.split(b"\r\n", 1)[0])


def _hang_up(line: _Line, selector: selectors.BaseSelector) -> None:
    selector.unregister(line.socket)
    with suppress(OSError):
        line.socket.close()


def main() -> None:
    order = json.loads(sys.stdin.buffer.readline())
    requests = [sys.stdin.buffer.read(length) for length in order["lengths"]]
    print(json.dumps(asdict(send(order["port"], requests, order["connections"]))))


if __name__ == "__main__":
    main()

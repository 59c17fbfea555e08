"""A name server on a real local socket that knows what a test has put into it."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from pytest_django import Settings


@dataclass
class NameServer:
    """``records`` by (name, type), as a zone file writes them; a name that has none does not exist."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # names that are answered SERVFAIL
    asked: list[tuple[str, str]] = field(default_factory=list)

    def txt(self, name: str, *texts: str) -> None:
        """Put TXT records in the place of those that are there, in strings of at most 255 characters."""
        self.records[name, "TXT"] = [
            " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255)) for text in texts
        ]

    def answer(self, wire: bytes) -> bytes:
        """The answer to a question, both as they go over the wire."""
        question = dns.message.from_wire(wire)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind))
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(known == name for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        while found := [self.records.get((name, one), []) for one in (kind, "CNAME")]:
            own, other = found
            if own or not other:
                self._add(reply, name, kind, own)
                break
            self._add(reply, name, "CNAME", other)
            name = other[0].rstrip(".")
        return reply.to_wire()

    def _add(self, reply: dns.message.Message, name: str, kind: str, texts: list[str]) -> None:
        if texts:
            reply.answer.append(dns.rrset.from_text(dns.name.from_text(name), 60, "IN", kind, *texts))


@pytest.fixture
def name_server(settings: Settings) -> Iterator[NameServer]:
    """A name server that the app asks."""
    server = NameServer()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]

        def serve() -> None:
            while True:
                wire, whence = held.recvfrom(4096)
                if not wire:
                    return
                held.sendto(server.answer(wire), whence)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings.DNS_SERVERS = [f"127.0.0.1:{port}"]
        yield server
        held.sendto(b"", ("127.0.0.1", port))
        thread.join()

"""A mail server in a process of its own that takes everything, keeps nothing and counts.

``python -m saleor_lifecycle.bench.sink PORT`` listens; the command ``XCOUNT`` answers how many mails came.
"""

import asyncio
import smtplib
import sys


class Session(asyncio.Protocol):
    """As much of SMTP as smtplib speaks to a server without extensions."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._heard, self._is_mail = transport, bytearray(), False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while True:
            end = b"\r\n.\r\n" if self._is_mail else b"\r\n"
            found = self._heard.find(end)
            if found < 0:
                return
            said = bytes(self._heard[:found])
            del self._heard[: found + len(end)]
            self._transport.write(self._answer(said))

    def _answer(self, said: bytes) -> bytes:
        if self._is_mail:
            self._is_mail = False
            Session.count += 1
            return b"250 OK\r\n"
        match said[:4].upper():
            case b"DATA":
                self._is_mail = True
                return b"354 go on\r\n"
            case b"XCOU":
                return b"250 %d\r\n" % Session.count
            case b"QUIT":
                return b"221 bye\r\n"
        return b"250 OK\r\n"


def counted(port: int) -> int:
    """Return how many mails a running sink has taken."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        return int(client.docmd("XCOUNT")[1])


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

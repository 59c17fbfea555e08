import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from saleor_lifecycle import outbound
from saleor_lifecycle.domain.internet import is_public
from saleor_lifecycle.outbound import AddressRefused
from saleor_lifecycle.saleor.addresses import check_api_url
from tests.saleor.conftest import LocalShop


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What the resolver knows: per host a queue of answers, of which the last one stays."""
    known: dict[str, list[list[str]]] = {}

    def getaddrinfo(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror("unknown")
        answers = known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/graphql/",
        "https://shop.example:8443/graphql/",
        "https://SHOP.example/eu/graphql/",
    ],
)
def test_lets_a_public_shop_in(url: str, names: dict[str, list[list[str]]]) -> None:
    names["shop.example"] = [["93.184.216.34", "2606:2800:220:1::1"], ["10.0.0.1"]]
    check_api_url(url, r"shop\.example", allow_private=False)
    assert names["shop.example"] == [["10.0.0.1"]], "its addresses were looked at, once"
    with pytest.raises(AddressRefused):
        check_api_url(url, r"shop\.example", allow_private=False)


@pytest.mark.parametrize(
    ("url", "allow_private"),
    [
        ("http://shop.example/graphql/", False),
        ("ftp://shop.example/graphql/", True),
        ("file:///graphql/", True),
        ("https://shop.example/", False),
        ("https://shop.example/graphql", False),
        ("https://shop.example/graphql/?a=b", False),
        ("https://shop.example/graphql/?", False),
        ("https://shop.example/?/graphql/", False),
        ("https://shop.example/graphql/#x", False),
        ("https://shop.example#/graphql/", False),
        ("https://user:password@shop.example/graphql/", False),
        ("https://evil.example\\@shop.example/graphql/", False),
        ("https://shop.example/graphql/\n", False),
        ("https://shop .example/graphql/", False),
        ("https:///graphql/", False),
        ("shop.example/graphql/", True),
        ("https://unknown.example/graphql/", False),
        ("", True),
    ],
)
def test_refuses_an_address_that_is_no_api(url: str, allow_private: bool, names: dict[str, list[list[str]]]) -> None:
    names["shop.example"] = [["93.184.216.34"]]
    with pytest.raises(AddressRefused):
        check_api_url(url, None, allow_private)


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        ("a.saleor.cloud", True),
        ("A.SALEOR.cloud", True),
        ("saleor.cloud", False),
        ("a.saleor.cloud.evil.example", False),
        ("evil.example", False),
        ("a.saleorxcloud", False),
    ],
)
def test_matches_the_whole_host_against_the_pattern(
    host: str, is_allowed: bool, names: dict[str, list[list[str]]]
) -> None:
    names[host.lower()] = [["93.184.216.34"]]
    url = f"https://{host}/graphql/"
    if is_allowed:
        check_api_url(url, r".+\.saleor\.cloud", allow_private=False)
    else:
        with pytest.raises(AddressRefused, match="may not install this app"):
            check_api_url(url, r".+\.saleor\.cloud", allow_private=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_refuses_a_host_in_a_private_network(address: str, names: dict[str, list[list[str]]]) -> None:
    assert not is_public(address)
    names["shop.example"] = [["93.184.216.34", address]]
    with pytest.raises(AddressRefused, match="private network"):
        check_api_url("https://shop.example/graphql/", None, allow_private=False)
    check_api_url("https://shop.example/graphql/", None, allow_private=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_knows_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost"])
def test_refuses_this_machine_under_any_spelling(host: str) -> None:
    with pytest.raises(AddressRefused):
        check_api_url(f"https://{host}/graphql/", None, allow_private=False)


def test_connects_to_nothing_when_a_name_moves_after_the_check(
    names: dict[str, list[list[str]]], local_shop: LocalShop
) -> None:
    local_shop.will_answer({})
    port = local_shop.origin.rpartition(":")[2]
    names["shop.example"] = [["93.184.216.34"], ["127.0.0.1"]]
    check_api_url("https://shop.example/graphql/", None, allow_private=False)
    with outbound.client() as client, pytest.raises(httpx.ConnectError):
        client.get(f"http://shop.example:{port}/graphql/")
    assert local_shop.asked == []


@pytest.fixture
def secure_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a local HTTPS server that has a certificate for shop.example, which the client trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=True)
        .sign(key, SHA256())
    )
    chain = tmp_path / "chain.pem"
    chain.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    trust = ssl.create_default_context(cafile=str(chain))
    monkeypatch.setattr(outbound, "_trust", lambda: trust)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = self.headers["Host"].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_speaks_to_the_checked_address_under_the_shops_own_name(
    secure_shop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "public_addresses", lambda host, port: ["127.0.0.1"])
    with outbound.client() as client:
        answer = client.get(f"https://shop.example:{secure_shop}/graphql/")
    assert answer.text == f"shop.example:{secure_shop}"


def test_refuses_a_certificate_of_another_name(secure_shop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "public_addresses", lambda host, port: ["127.0.0.1"])
    with outbound.client() as client, pytest.raises(httpx.ConnectError, match="certificate"):
        client.get(f"https://other.example:{secure_shop}/graphql/")

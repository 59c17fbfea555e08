"""What somebody else names as their server is on the public internet, or is not spoken to."""

import socket
from typing import Any

import pytest

from saleor_lifecycle.channels.email import open_connection
from saleor_lifecycle.channels.outcomes import Trouble
from saleor_lifecycle.domain.provider_accounts import ProviderAccount
from tests.channels.provider_api import Api, api
from tests.channels.test_providers import MAIL

__all__ = ["api"]


def postal(address: str) -> ProviderAccount:
    return ProviderAccount("postal", {"api_key": "k" * 20, "api_url": address}, 1)


@pytest.mark.parametrize("allow_private", [True, False])
def test_an_api_of_ones_own_is_called_only_where_it_is_public(allow_private: bool, api: Api, settings: Any) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = allow_private
    api.answers = [(200, '{"status": "success", "data": {"messages": {"ana@example.org": {"id": 7}}}}')]
    with open_connection(postal(api.address)) as connection:
        (outcome,) = connection.send([MAIL])
    assert isinstance(outcome, Trouble) is not allow_private
    assert len(api.given) == int(allow_private)


@pytest.mark.parametrize("security", ["none", "tls"])
def test_no_word_is_said_to_a_mail_server_in_a_private_network(
    security: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_ADDRESSES = False
    monkeypatch.setattr("saleor_lifecycle.channels.providers._fault", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        named = {"host": "127.0.0.1", "port": str(server.getsockname()[1]), "security": security}
        with open_connection(ProviderAccount("smtp", named, 1)) as connection:
            (outcome,) = connection.send([MAIL])
        reached, _ = server.accept()
        with reached:
            said = reached.recv(100)
    assert isinstance(outcome, Trouble)
    assert "private network" in outcome.reason
    assert said == b""

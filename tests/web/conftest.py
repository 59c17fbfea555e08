from collections.abc import Iterator

import pytest

from saleor_lifecycle.web import shops
from tests.shop_server import shop_server

__all__ = ["shop_server"]


@pytest.fixture(autouse=True)
def _nothing_in_mind() -> Iterator[None]:
    """Forget the shops of the test before: a process remembers them for a while."""
    shops.forget()
    yield
    shops.forget()

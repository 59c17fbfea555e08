from tests.channels.conftest import mail_server
from tests.shop_server import shop_server

__all__ = ["mail_server", "shop_server"]

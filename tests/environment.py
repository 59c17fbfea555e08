"""What the settings read when the app is under test."""

import os

ENVIRONMENT = {
    "SECRET_KEY": "for tests only, and long enough for nobody to mind",
    "PUBLIC_URL": "https://app.example.com",
    "TOKEN_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "SUPPRESSION_KEY": "also for tests only",
    "ALLOW_PRIVATE_ADDRESSES": "true",
    "CELERY_BROKER_URL": "memory://",
    "LOG_LEVEL": "WARNING",
    # As they are without a .env, whatever a developer's own says.
    "ABANDONED_CART_HOLDOUT": "0",
    "ABANDONED_CART_SECONDS": "1800,3600,86400,259200",
    "ALLOWED_DOMAIN_PATTERN": "",
    "ANYMAIL": "{}",
    "IFRAME_URL": "",
    "SALEOR_API_URL_REWRITES": "{}",
    "STOREFRONT_ACTIVITIES_PER_MINUTE": "600",
    "TRUSTED_PROXIES": "0",
    "TRUSTED_SENDERS": "*",  # what it takes to become one has tests of its own
    "MAIL_FROM": "",
    "SCANNER_NETWORKS": "",
    # Nobody answers there: a test that asks has a server of its own.
    "DNS_SERVERS": "127.0.0.1:1",
    "MANIFEST_APP_ID": "saleor.app.lifecycle",
}


def provide(database_url: str) -> None:
    """Set the environment. A database that is named already stays; everything else is as the tests expect it."""
    os.environ.setdefault("DATABASE_URL", database_url)
    os.environ.update(ENVIRONMENT)

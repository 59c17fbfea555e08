"""Every setting comes from the environment; .env.example names each, with its default and meaning."""

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()
# The .env of the folder that a command is run in: an installed package has none beside it.
env.read_env(".env", recurse=False)

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
"""Earlier secret keys: the unsubscribe links in people's mailboxes are signed with them and must not die."""
PUBLIC_URL = env.str("PUBLIC_URL").rstrip("/")
IFRAME_URL = env.str("IFRAME_URL", "").rstrip("/") or PUBLIC_URL
"""Where merchants' browsers load the Dashboard extension."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])

TOKEN_KEYS: list[str] = env.list("TOKEN_KEYS")
"""Fernet keys for Saleor's tokens at rest: the first encrypts, all decrypt, so a new key goes first."""
SUPPRESSION_KEY = env.str("SUPPRESSION_KEY")
"""Keys the hashes of suppressed addresses. It never rotates: a new key forgets who must not be written to."""

MANIFEST_APP_ID = env.str("MANIFEST_APP_ID", "saleor.app.lifecycle")
ALLOWED_DOMAIN_PATTERN = env.str("ALLOWED_DOMAIN_PATTERN", None)
ALLOW_PRIVATE_ADDRESSES = env.bool("ALLOW_PRIVATE_ADDRESSES", False)
SALEOR_API_URL_REWRITES: dict[str, str] = env.json("SALEOR_API_URL_REWRITES", {})  # type: ignore[assignment]
"""Where to call a shop whose own API address does not lead there from here. It stays known by its own."""
ABANDONED_CART_HOLDOUT: float = env.float("ABANDONED_CART_HOLDOUT", 0.1)
"""Of those who enter a new installation's cart flow, held out so that its lift can be measured: 0 to 0.5."""
ABANDONED_CART_SECONDS: list[int] = env.list("ABANDONED_CART_SECONDS", [1800, 3600, 86400, 259200], subcast=int)
"""Idle time, then the touches, of a new installation's cart flow; in seconds since the cart's last change."""
STOREFRONT_ACTIVITIES_PER_MINUTE = env.int("STOREFRONT_ACTIVITIES_PER_MINUTE", 600)
"""Visits, and products looked at in them, that each shop's storefront may tell of with its public key."""
if STOREFRONT_ACTIVITIES_PER_MINUTE < 21:
    raise ImproperlyConfigured("STOREFRONT_ACTIVITIES_PER_MINUTE has to be 21 or more: one visit may tell of so many.")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
"""Of the operator's own, before the web server: so many entries of X-Forwarded-For are believed, from the right."""
SCANNER_NETWORKS: list[str] = env.list("SCANNER_NETWORKS", [])
"""Networks, such as 192.0.2.0/24, from which links are followed by programs only: then nothing counts as a click."""
DNS_SERVERS: list[str] = env.list("DNS_SERVERS", [])
"""Who is asked about the domains that are written from, such as 192.0.2.53 or 127.0.0.1:5353; none: the machine's."""
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 10.0)

WEB_WORKERS = env.int("WEB_WORKERS", 2)
WEB_THREADS = env.int("WEB_THREADS", 8)
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")

INSTALLED_APPS = ["django.contrib.staticfiles", "anymail", "corsheaders", "saleor_lifecycle"]
MIDDLEWARE: list[str] = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
]
ROOT_URLCONF = "saleor_lifecycle.urls"
WSGI_APPLICATION = "saleor_lifecycle.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": []},
    }
]
# Saleor retries neither redirects nor refusals: none of Django's own may stand in a webhook's way.
APPEND_SLASH = False
SECURE_SSL_REDIRECT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_BODY_BYTES", 10 * 1024 * 1024)

# A storefront may live anywhere: what counts is the customer's token, which no browser sends by itself. The server key
# is not among the headers: it has no place in a browser.
CORS_URLS_REGEX = r"^/graphql/storefront/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["POST"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "authorization-bearer", "content-type"]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600)}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL has to name a PostgreSQL database: postgresql://user:password@host/name")
# Server-side cursors and prepared statements do not survive pgbouncer's transaction mode.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
MIGRATION_MODULES = {"lifecycle": "migrations"}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")

EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
ANYMAIL = env.json("ANYMAIL", {})
TRUSTED_SENDERS: list[str] = env.list("TRUSTED_SENDERS", [])
"""Domains and addresses that may stand as senders of commercial mails on the operator's own account without their
holders' yes; ``*``: all."""
MAIL_FROM = env.str("MAIL_FROM", "")
"""Whose name stands on mails of the app itself; empty: on the question to a sender, the sender's own."""

TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", "")
TWILIO_SENDER = env.str("TWILIO_SENDER", "")
TWILIO_API_URL = env.str("TWILIO_API_URL", "https://api.twilio.com").rstrip("/")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
STATIC_URL = "/static/"
# The package's own files are served as they lie, without collectstatic; DEBUG looks for them anew at each request.
WHITENOISE_USE_FINDERS = True
# The extension's files have their content's hash in their names.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dashboard/assets/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "filters": {
        "errors": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: record.exc_info is not None}
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # httpx writes every address it calls; with tokens in paths that is one log line too many.
        "httpx": {"level": "WARNING"},
        # A refusal has a line of its own already, which says why; Django would add a second, which does not.
        "django.request": {"filters": ["errors"]},
    },
}

"""``python -m saleor_lifecycle <command>``: every command of the app."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saleor_lifecycle.settings")
    if sys.argv[1:2] == ["demo"]:
        # The demo makes the environment of its own programs; it needs no more of one than lets Django load it.
        for name in ("SECRET_KEY", "PUBLIC_URL", "TOKEN_KEYS", "SUPPRESSION_KEY", "CELERY_BROKER_URL"):
            os.environ.setdefault(name, "unused")
        os.environ.setdefault("DATABASE_URL", "postgresql:///unused")
    command = [name.replace("-", "_") for name in sys.argv[1:2] if not name.startswith("-")]  # sync-webhooks as well
    execute_from_command_line(["python -m saleor_lifecycle", *command, *sys.argv[1 + len(command) :]])

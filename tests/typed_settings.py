"""The settings as the type checker loads them: no database, no secrets, nothing set outside."""

from tests.environment import provide

provide("postgresql://nobody@localhost/nothing")

from saleor_lifecycle.settings import *  # noqa: E402, F403 - they read the environment that was just set

"""How the shop calls apps: Saleor's time-outs, and no redirect followed."""

import ssl

import httpx

_TIMEOUT = httpx.Timeout(18, connect=2)
_TLS = ssl.create_default_context()  # once: reading the authorities takes longer than most calls


def client() -> httpx.Client:
    return httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False, verify=_TLS)

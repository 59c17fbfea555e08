"""What DNS says of a domain that is written from. A question that gets no answer is told apart from a no."""

import base64
import binascii
import time
from collections.abc import Callable, Iterable
from functools import cache

import dns.exception
import dns.nameserver
import dns.rdatatype
import dns.resolver
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from publicsuffixlist import PublicSuffixList

from saleor_lifecycle.domain import dmarc, spf
from saleor_lifecycle.domain.sender_records import Key, Records, Selector, SenderNeeds

PATIENCE = 4.0
"""Seconds for one question, over all name servers."""
ALL_PATIENCE = 45.0
"""Seconds for all questions about one domain; what is left then counts as not answered."""
MOST_NAMES = 40
"""That one SPF record may lead to here; the limit of its check is ten."""

Ask = Callable[[str, str], list[object] | None]


def look(domain: str, needs: SenderNeeds, clock: Callable[[], float] = time.monotonic) -> Records:
    """Return what DNS says of a domain, by DNS_SERVERS or the machine's own resolver."""
    resolver = _resolver()
    ends = clock() + ALL_PATIENCE

    def ask(name: str, kind: str) -> list[object] | None:
        return _ask(resolver, name, kind) if resolver and clock() < ends else None

    return _look(ask, _ascii(domain), needs)


def organisation(domain: str) -> str:
    """Return the domain that was registered: of ``mail.shop.co.uk`` it is ``shop.co.uk``."""
    return _suffixes().privatesuffix(_ascii(domain)) or _ascii(domain)


def _look(ask: Ask, domain: str, needs: SenderNeeds) -> Records:
    owner = organisation(domain)
    mx = ask(domain, "MX")
    own_policy = _texts(ask(f"_dmarc.{domain}", "TXT"))
    return Records(
        domain=domain,
        organisation=owner,
        spf=_spf(ask, domain),
        keys=tuple(_key(ask, selector, domain, owner) for selector in needs.selectors),
        dmarc=own_policy,
        dmarc_of_organisation=own_policy if owner == domain else _texts(ask(f"_dmarc.{owner}", "TXT")),
        mx=None if mx is None else tuple((one.preference, _name(one.exchange)) for one in mx),  # type: ignore[attr-defined]
        has_address=_has_address(ask, domain) if mx == [] else None,
    )


def _spf(ask: Ask, domain: str) -> dict[str, tuple[str, ...] | None]:
    """Return the SPF records of a domain and of all names that they lead to."""
    found: dict[str, tuple[str, ...] | None] = {}
    waiting = [domain]
    while waiting and len(found) < MOST_NAMES:
        name = waiting.pop(0)
        if name in found:
            continue
        texts = _texts(ask(name, "TXT"))
        found[name] = None if texts is None else spf.records(texts)
        waiting.extend(following for text in found[name] or () for following in spf.follows(text))
    return found


def _key(ask: Ask, selector: Selector, domain: str, owner: str) -> Key:
    """Return what stands under a selector, at the domain itself or else at its organisation's."""
    for place in dict.fromkeys((domain, owner)):
        texts = _texts(ask(f"{selector.name}._domainkey.{place}", "TXT"))
        if texts:
            bits, is_rsa = _strength(texts[0])
            return Key(selector, place, texts, bits, is_rsa)
        if texts is None:
            return Key(selector, place, None)
    return Key(selector, domain, ())


def _strength(text: str) -> tuple[int | None, bool]:
    """Return the bits of the key in a DKIM record, None where none can be read, and whether it is RSA's."""
    held = dmarc.tags(text)
    try:
        der = base64.b64decode(held.get("p", ""), validate=True)
        if held.get("k", "rsa") == "ed25519":  # RFC 8463: the bare key
            return (256 if len(der) == 32 else None), False
        key = load_der_public_key(der)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None, True
    return (key.key_size if isinstance(key, RSAPublicKey) else None), True


def _has_address(ask: Ask, domain: str) -> bool | None:
    found = [ask(domain, kind) for kind in ("A", "AAAA")]
    return True if any(found) else None if None in found else False


def _texts(answer: Iterable[object] | None) -> tuple[str, ...] | None:
    if answer is None:
        return None
    # The strings of one record belong together without a space between them (RFC 7208, 3.3; RFC 6376, 3.6.2.2).
    return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in answer)  # type: ignore[attr-defined]


def _name(name: object) -> str:
    return str(name).lower().rstrip(".") or "."


def _ask(resolver: dns.resolver.Resolver, name: str, kind: str) -> list[object] | None:
    try:
        answer = resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
    except dns.resolver.NXDOMAIN:
        return []
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError):
        return None
    return list(answer.rrset or ())


def _resolver() -> dns.resolver.Resolver | None:
    """Return who is asked; None on a machine that has nobody."""
    try:
        made = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    except dns.resolver.NoResolverConfiguration:
        return None
    if settings.DNS_SERVERS:
        made.nameservers = [_nameserver(address) for address in settings.DNS_SERVERS]
    made.timeout, made.lifetime = PATIENCE / 2, PATIENCE
    return made


def _nameserver(address: str) -> dns.nameserver.Nameserver:
    has_port = address.startswith("[") or address.count(":") == 1  # an IPv6 address has more
    host, _, port = address.rpartition(":") if has_port else (address, "", "53")
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port))


def _ascii(domain: str) -> str:
    try:
        return domain.strip(".").lower().encode("idna").decode()
    except UnicodeError:
        return domain.lower()


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()

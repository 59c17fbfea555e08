"""Will mail in this domain's name be believed? What was found in DNS, judged, with what to put where."""

from collections.abc import Iterator, Sequence

from . import dmarc, spf
from .sender_records import Check, Finding, Key, Level, Record, Records, SenderNeeds

SHORTEST_KEY, LONG_ENOUGH = 1024, 2048
"""Bits of an RSA key: below the first nobody may believe a signature, the second is what to make (RFC 8301, 3.2)."""


def check(records: Records, needs: SenderNeeds, unsubscribe_url: str) -> tuple[Finding, ...]:
    """Return what all checks come to, in the order in which they are to be put right."""
    of_spf = spf_findings(records, needs)
    of_dkim = tuple(_key_finding(key) for key in records.keys) or (
        Finding(Check.DKIM, "dkim_selectors_unknown", Level.UNKNOWN),
    )
    return (
        *of_spf,
        *of_dkim,
        dmarc_finding(records),
        alignment_finding(records, needs, of_spf, of_dkim),
        mx_finding(records),
        unsubscribe_finding(unsubscribe_url),
    )


def spf_findings(records: Records, needs: SenderNeeds) -> tuple[Finding, ...]:
    """Return what is wrong with the domain's SPF (RFC 7208), or that nothing is."""
    texts = records.spf.get(records.domain)
    if texts is None:
        return (Finding(Check.SPF, "dns_silent", Level.UNKNOWN),)
    found = "\n".join(texts)
    # Whether a mail server of no known provider is in it cannot be told from here.
    fine = Finding(Check.SPF, "spf_ok" if needs.provider else "spf_ok_own", Level.OK, found)
    return tuple(_spf_faults(records, needs, texts, found)) or (fine,)


def _spf_faults(records: Records, needs: SenderNeeds, texts: Sequence[str], found: str) -> Iterator[Finding]:
    def fault(code: str, level: Level, value: str = "", count: int | None = None) -> Finding:
        put = Record(records.domain, "TXT", value) if value else None
        return Finding(Check.SPF, code, level, found, put, count)

    if not texts:
        weight = Level.WARNING if needs.has_own_envelope and needs.provider else Level.ERROR
        yield fault("spf_missing", weight, spf.proposal(needs.include) or spf.proposal("mx"))
        return
    if len(texts) > 1:
        yield fault("spf_several", Level.ERROR, spf.merged(texts, needs.include), len(texts))
        return
    walked = spf.walk(records.domain, records.spf)
    if walked.invalid:
        yield Finding(Check.SPF, "spf_invalid", Level.ERROR, walked.invalid)
        return
    if walked.broken:
        yield Finding(Check.SPF, "spf_include_broken", Level.ERROR, walked.broken)
    if walked.lookups > spf.MOST_LOOKUPS:
        yield fault("spf_too_many_lookups", Level.ERROR, count=walked.lookups)
    if needs.include and needs.include not in walked.names:
        yield fault("spf_provider_missing", Level.WARNING, spf.merged(texts, needs.include))
    if walked.end == "+":
        yield fault("spf_open", Level.ERROR, spf.closed(texts[0]))
    elif walked.end in ("", "?") and not (walked.is_unknown or walked.broken):
        yield fault("spf_no_end", Level.WARNING, spf.closed(texts[0]))


def _key_finding(key: Key) -> Finding:
    host = f"{key.selector.name}._domainkey.{key.domain}"
    put = Record(host, key.selector.kind, key.selector.target)

    def finding(code: str, level: Level, is_put: bool = False) -> Finding:
        return Finding(Check.DKIM, code, level, host, put if is_put else None, key.bits)

    if key.texts is None:
        return finding("dns_silent", Level.UNKNOWN)
    if not key.texts:
        return finding("dkim_missing", Level.ERROR, is_put=True)
    if len(key.texts) > 1:  # RFC 6376, 3.6.2.2: which one counts is undefined
        return finding("dkim_several", Level.ERROR)
    tags = dmarc.tags(key.texts[0])
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return finding("dkim_unreadable", Level.ERROR, is_put=True)
    if not tags["p"]:
        return finding("dkim_revoked", Level.ERROR, is_put=True)
    if key.bits is None:
        return finding("dkim_unreadable", Level.ERROR, is_put=True)
    if key.is_rsa and key.bits < SHORTEST_KEY:
        return finding("dkim_weak", Level.ERROR)
    if "y" in tags.get("t", "").split(":"):
        return finding("dkim_testing", Level.WARNING)
    return (
        finding("dkim_short", Level.WARNING) if key.is_rsa and key.bits < LONG_ENOUGH else finding("dkim_ok", Level.OK)
    )


def dmarc_finding(records: Records) -> Finding:
    """Return what the domain's DMARC policy comes to, its own or its organisation's (RFC 7489, 6.6.3)."""
    held = dmarc.policy(records.dmarc, records.dmarc_of_organisation)
    if held.is_silent:
        return Finding(Check.DMARC, "dns_silent", Level.UNKNOWN)
    found = "\n".join(held.texts)
    if held.fault:
        put = Record(f"_dmarc.{records.organisation}", "TXT", "v=DMARC1; p=none")
        return Finding(Check.DMARC, held.fault, Level.ERROR, found, put, len(held.texts) if found else None)
    code = "dmarc_watches" if held.policy == "none" else "dmarc_ok"
    return Finding(Check.DMARC, f"{code}_inherited" if held.is_inherited else code, Level.OK, found)


def alignment_finding(
    records: Records, needs: SenderNeeds, of_spf: Sequence[Finding], of_dkim: Sequence[Finding]
) -> Finding:
    """Return whether a mail shows by its key, or by its envelope, that it is of the domain in From (RFC 7489, 3.1)."""
    held = dmarc.policy(records.dmarc, records.dmarc_of_organisation)
    usable = {
        key.domain
        for key, finding in zip(records.keys, of_dkim, strict=False)
        if finding.level in (Level.OK, Level.WARNING)
    }
    if records.domain in usable or (usable and not held.is_strict):
        return Finding(Check.ALIGNMENT, "alignment_ok", Level.OK, ", ".join(sorted(usable)))
    if usable:
        return Finding(Check.ALIGNMENT, "alignment_strict", Level.ERROR, ", ".join(sorted(usable)))
    if not needs.has_own_envelope and all(one.level in (Level.OK, Level.WARNING) for one in of_spf):
        return Finding(Check.ALIGNMENT, "alignment_by_spf", Level.WARNING, records.domain)
    if any(one.level is Level.UNKNOWN for one in of_dkim):
        return Finding(Check.ALIGNMENT, "alignment_unknown", Level.UNKNOWN)
    level = Level.ERROR if held.policy in ("quarantine", "reject") else Level.WARNING
    return Finding(Check.ALIGNMENT, "alignment_missing", level)


def mx_finding(records: Records) -> Finding:
    """Return whether answers to the domain's mails arrive (RFC 5321, 5.1; RFC 7505)."""
    if records.mx is None:
        return Finding(Check.MX, "dns_silent", Level.UNKNOWN)
    found = ", ".join(host for _, host in sorted(records.mx))
    if found == ".":
        return Finding(Check.MX, "mx_null", Level.ERROR, found)
    if found:
        return Finding(Check.MX, "mx_ok", Level.OK, found)
    if records.has_address is None:
        return Finding(Check.MX, "dns_silent", Level.UNKNOWN)
    if records.has_address:
        return Finding(Check.MX, "mx_implicit", Level.WARNING)
    return Finding(Check.MX, "mx_missing", Level.ERROR)


def unsubscribe_finding(url: str) -> Finding:
    """Return whether mail programs may offer the one click of our header: only over https (RFC 8058, 3.1)."""
    if url.lower().startswith("https://"):
        return Finding(Check.LIST_UNSUBSCRIBE, "list_unsubscribe_ok", Level.OK, url)
    return Finding(Check.LIST_UNSUBSCRIBE, "list_unsubscribe_insecure", Level.ERROR, url)

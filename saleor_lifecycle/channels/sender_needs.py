"""What each of anymail's providers wants in the DNS of a domain that is written from, as far as we know it.

Providers change it; where theirs differs, their own page is right.

Where a key stands under a name that each sender is given (Amazon SES, Mailgun's older domains, Postal, Postmark,
Scaleway, SparkPost), the merchant says which. ``include`` is only what a provider asks for: most let bounces come to
a domain of their own, and SPF is looked for there.
"""

from dataclasses import replace

from saleor_lifecycle.domain.sender_records import Selector, SenderNeeds

_KNOWN = (
    SenderNeeds("amazon_ses"),
    SenderNeeds(
        "brevo",
        "spf.brevo.com",
        (
            Selector("brevo1", target="b1.{dashed}.dkim.brevo.com"),
            Selector("brevo2", target="b2.{dashed}.dkim.brevo.com"),
        ),
    ),
    SenderNeeds(
        "mailersend", "_spf.mailersend.net", (Selector("mlsend2", target="mlsend2._domainkey.mailersend.net"),)
    ),
    SenderNeeds("mailgun", "mailgun.org", (Selector("pdk1"), Selector("pdk2")), has_own_envelope=False),
    SenderNeeds("mailjet", "spf.mailjet.com", (Selector("mailjet", "TXT"),)),
    SenderNeeds(
        "mailtrap",
        "_spf.smtp.mailtrap.live",
        (
            Selector("rwmt1", target="rwmt1.dkim.smtp.mailtrap.live"),
            Selector("rwmt2", target="rwmt2.dkim.smtp.mailtrap.live"),
        ),
    ),
    SenderNeeds(
        "mandrill",
        "",
        (Selector("mte1", target="dkim1.mandrillapp.com"), Selector("mte2", target="dkim2.mandrillapp.com")),
    ),
    SenderNeeds("postal"),
    SenderNeeds("postmark"),
    SenderNeeds("resend", "", (Selector("resend", "TXT"),)),
    SenderNeeds("scaleway", "_spf.tem.scaleway.com"),
    SenderNeeds("sendgrid", "", (Selector("s1"), Selector("s2"))),
    SenderNeeds("sparkpost"),
    SenderNeeds("unisender_go", "", (Selector("us", "TXT"),)),
)
NEEDS = {needs.provider: needs for needs in _KNOWN}
UNKNOWN = SenderNeeds(has_own_envelope=False)
"""Of a mail server that is none of those: it writes in the sender's own name."""


def needs_of(provider: str, domain: str, selectors: tuple[str, ...] = ()) -> SenderNeeds:
    """Return what is wanted of a domain; the merchant's own selectors take the place of the usual ones."""
    needs = NEEDS.get(provider, UNKNOWN)
    if selectors:
        return replace(needs, selectors=tuple(Selector(name, "TXT") for name in selectors))
    dashed = domain.replace(".", "-")
    return replace(
        needs, selectors=tuple(replace(one, target=one.target.format(dashed=dashed)) for one in needs.selectors)
    )


def provider_of(backend: str) -> str:
    """Return anymail's name of the provider behind a Django mail backend, "" for any other."""
    package, _, module = backend.rpartition(".")[0].rpartition(".")
    return module if package == "anymail.backends" and module in NEEDS else ""

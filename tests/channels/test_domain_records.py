"""What DNS says of a domain, asked of a name server on a real socket."""

import base64

import dns.resolver
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django import Settings

from saleor_lifecycle.channels import domain_records
from saleor_lifecycle.channels.sender_needs import NEEDS, needs_of, provider_of
from saleor_lifecycle.domain.sender_checks import check
from saleor_lifecycle.domain.sender_records import Check, Finding, Level, Record, Selector, SenderNeeds
from tests.dns_server import NameServer, name_server

__all__ = ["name_server"]

SHOP = "shop.example"
UNSUBSCRIBE = "https://app.example.com/unsubscribe"


def rsa_key(bits: int) -> str:
    made = rsa.generate_private_key(65537, bits).public_key()
    der = made.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


LONG = rsa_key(2048)


@pytest.fixture
def shop(name_server: NameServer) -> NameServer:
    """A domain in which all is as Brevo wants it."""
    name_server.txt(SHOP, "google-site-verification=x", "v=spf1 include:spf.brevo.com -all")
    name_server.txt("spf.brevo.com", "v=spf1 ip4:192.0.2.0/24 -all")
    for number in "12":
        target = f"b{number}.shop-example.dkim.brevo.com"
        name_server.records[f"brevo{number}._domainkey.{SHOP}", "CNAME"] = [f"{target}."]
        name_server.txt(target, f"k=rsa; p={LONG}")
    name_server.txt(f"_dmarc.{SHOP}", "v=DMARC1; p=quarantine")
    name_server.records[SHOP, "MX"] = ["10 mx.shop.example."]
    return name_server


def findings(provider: str = "brevo", domain: str = SHOP, selectors: tuple[str, ...] = ()) -> dict[str, Finding]:
    needs = needs_of(provider, domain, selectors)
    return {one.code: one for one in check(domain_records.look(domain, needs), needs, UNSUBSCRIBE)}


def test_a_domain_in_which_all_is_right_has_nothing_to_put_right(shop: NameServer) -> None:
    found = findings()
    assert {one.level for one in found.values()} == {Level.OK}
    assert set(found) == {"spf_ok", "dkim_ok", "dmarc_ok", "alignment_ok", "mx_ok", "list_unsubscribe_ok"}
    assert (found["dkim_ok"].count, found["mx_ok"].found) == (2048, "mx.shop.example")


def test_a_name_server_that_fails_is_not_taken_for_a_no(shop: NameServer) -> None:
    shop.broken = {SHOP, f"_dmarc.{SHOP}", f"brevo1._domainkey.{SHOP}", f"brevo2._domainkey.{SHOP}"}
    found = findings()
    assert {code for code, one in found.items() if one.level is Level.ERROR} == set()
    assert found["dns_silent"].level is Level.UNKNOWN


def test_a_name_server_that_is_away_is_not_taken_for_a_no(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DNS_SERVERS = ["127.0.0.1:1"]
    monkeypatch.setattr(domain_records, "PATIENCE", 0.05)
    records = domain_records.look(SHOP, needs_of("brevo", SHOP))
    assert (records.spf, records.dmarc, records.mx) == ({SHOP: None}, None, None)
    assert [key.texts for key in records.keys] == [None, None]


def test_a_machine_without_a_resolver_knows_nothing_and_does_not_fail(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(self: object, path: str = "") -> None:
        raise dns.resolver.NoResolverConfiguration

    settings.DNS_SERVERS = []
    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", nobody)
    assert domain_records.look(SHOP, needs_of("brevo", SHOP)).mx is None


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_a_name_server_may_be_named_with_its_port(address: str, asked: tuple[str, int]) -> None:
    named = domain_records._nameserver(address)
    assert (named.answer_nameserver(), named.answer_port()) == asked


def test_nothing_is_asked_once_the_time_for_a_domain_is_up(shop: NameServer) -> None:
    clock = iter([0.0, 0.0, *[domain_records.ALL_PATIENCE] * 100])
    records = domain_records.look(SHOP, needs_of("brevo", SHOP), clock=lambda: next(clock))
    assert shop.asked == [(SHOP, "MX")]
    assert (records.mx, records.dmarc) == (((10, "mx.shop.example"),), None)


def test_a_key_that_is_missing_is_told_with_where_it_leads(shop: NameServer) -> None:
    del shop.records[f"brevo2._domainkey.{SHOP}", "CNAME"]
    put = findings()["dkim_missing"].put
    assert put == Record(f"brevo2._domainkey.{SHOP}", "CNAME", "b2.shop-example.dkim.brevo.com")


def test_records_in_several_strings_are_put_together(name_server: NameServer) -> None:
    name_server.txt(f"k1._domainkey.{SHOP}", f"v=DKIM1; k=rsa; p={rsa_key(4096)}")
    assert len(name_server.records[f"k1._domainkey.{SHOP}", "TXT"][0].split('" "')) > 2
    assert findings("postmark", selectors=("k1",))["dkim_ok"].count == 4096


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"v=DKIM1; p={LONG}", "dkim_ok"),
        (f"p={LONG[:40]} {LONG[40:]}", "dkim_ok"),
        (f"v=DKIM1; t=y:s; p={LONG}", "dkim_testing"),
        (f"v=DKIM1; p={rsa_key(1024)}", "dkim_short"),
        ("v=DKIM1; p=", "dkim_revoked"),
        ("v=DKIM1; k=rsa", "dkim_unreadable"),
        ("v=DKIM1; p=AAAA", "dkim_unreadable"),
        (f"v=DKIM2; p={LONG}", "dkim_unreadable"),
        ("what is this", "dkim_unreadable"),
    ],
)
def test_what_stands_under_a_selector_is_a_key_or_not(text: str, code: str, shop: NameServer) -> None:
    shop.txt(f"k1._domainkey.{SHOP}", text)
    found = [one for one in findings("postmark", selectors=("k1",)).values() if one.check is Check.DKIM]
    assert [one.code for one in found] == [code]


def test_a_key_of_512_bits_signs_nothing(shop: NameServer) -> None:
    short = (
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKzhUFq9C6uWn0dTlnVbDIiUEnUPIcHgfNnbwHAfRRpw7XL6WTJR1PtTMcHmQjYPq83r1R"
        "RD8z8+NJ3TuOKlYi0CAwEAAQ=="
    )
    shop.txt(f"k1._domainkey.{SHOP}", f"p={short}")
    found = findings("postmark", selectors=("k1",))
    assert found["dkim_weak"].level is Level.ERROR


def test_an_ed25519_key_is_one(shop: NameServer) -> None:
    raw = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shop.txt(f"k1._domainkey.{SHOP}", f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}")
    assert findings("postmark", selectors=("k1",))["dkim_ok"].count == 256


def test_a_domain_below_another_takes_over_its_key_and_its_policy(shop: NameServer) -> None:
    shop.txt("news.shop.example", "v=spf1 include:spf.brevo.com ~all")
    shop.txt(f"mailjet._domainkey.{SHOP}", f"p={LONG}")
    found = findings("mailjet", f"news.{SHOP}")
    assert found["dmarc_ok_inherited"].found == "v=DMARC1; p=quarantine"
    assert found["alignment_ok"].found == SHOP
    shop.txt(f"_dmarc.{SHOP}", "v=DMARC1; p=quarantine; adkim=s")
    assert findings("mailjet", f"news.{SHOP}")["alignment_strict"].level is Level.ERROR


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("shop.example", "shop.example"),
        ("a.b.shop.example", "shop.example"),
        ("mail.shop.co.uk", "shop.co.uk"),
        ("mail.shop.com.es", "shop.com.es"),
        ("co.uk", "co.uk"),
        ("Cañón.ES", "xn--can-8mak.es"),
    ],
)
def test_the_organisation_is_whoever_registered(domain: str, owner: str) -> None:
    assert domain_records.organisation(domain) == owner


@pytest.mark.parametrize(
    ("mx", "a", "code"),
    [
        (["10 mx.shop.example.", "5 first.shop.example."], [], "mx_ok"),
        (["0 ."], [], "mx_null"),
        ([], ["192.0.2.1"], "mx_implicit"),
        ([], [], "mx_missing"),
    ],
)
def test_answers_arrive_where_mx_or_an_address_leads(mx: list[str], a: list[str], code: str, shop: NameServer) -> None:
    shop.records |= {(SHOP, "MX"): mx, (SHOP, "A"): a}
    assert code in findings()


def test_an_include_that_leads_in_a_circle_ends(shop: NameServer) -> None:
    shop.txt("spf.brevo.com", f"v=spf1 include:{SHOP} -all")
    found = findings()["spf_too_many_lookups"]
    assert (found.level, found.count) == (Level.ERROR, 50)
    assert shop.asked.count((SHOP, "TXT")) == 1


@pytest.mark.parametrize(
    ("backend", "provider"),
    [
        ("anymail.backends.postmark.EmailBackend", "postmark"),
        ("anymail.backends.amazon_ses.EmailBackend", "amazon_ses"),
        ("anymail.backends.test.EmailBackend", ""),
        ("django.core.mail.backends.smtp.EmailBackend", ""),
        ("EmailBackend", ""),
    ],
)
def test_the_provider_is_the_backends(backend: str, provider: str) -> None:
    assert provider_of(backend) == provider


def test_every_provider_whose_reports_are_read_is_known() -> None:
    from saleor_lifecycle.channels.provider_events import VIEWS

    assert set(VIEWS) <= set(NEEDS)


def test_the_merchants_selectors_take_the_place_of_the_usual_ones() -> None:
    assert needs_of("brevo", SHOP, ("x",)).selectors == (Selector("x", "TXT"),)
    assert needs_of("nobody", SHOP) == SenderNeeds(has_own_envelope=False)

"""What a domain's records come to, and what is to be put where."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from saleor_lifecycle.domain import dmarc, sender_checks
from saleor_lifecycle.domain.sender_checks import alignment_finding, check, spf_findings, unsubscribe_finding
from saleor_lifecycle.domain.sender_records import Finding, Key, Level, Record, Records, Selector, SenderNeeds

D = "news.shop.example"
NEEDS = SenderNeeds("brevo", "spf.brevo.com", (Selector("k1"),))
SERVER = SenderNeeds(has_own_envelope=False)
KEY = Key(Selector("k1"), D, ("v=DKIM1; p=AAAA",), 2048)
GOOD = Records(
    domain=D,
    organisation="shop.example",
    spf={D: ("v=spf1 include:spf.brevo.com -all",), "spf.brevo.com": ("v=spf1 -all",)},
    keys=(KEY,),
    dmarc=(),
    dmarc_of_organisation=("v=DMARC1; p=reject",),
    mx=((10, "mx.shop.example"),),
    has_address=None,
)


def with_spf(*texts: str) -> Records:
    return replace(GOOD, spf={**GOOD.spf, D: texts})


@pytest.mark.parametrize(
    ("records", "code", "level", "put"),
    [
        (GOOD, "spf_ok", Level.OK, None),
        (with_spf(), "spf_missing", Level.WARNING, "v=spf1 include:spf.brevo.com ~all"),
        (with_spf("v=spf1 a -all", "v=spf1 mx -all"), "spf_several", Level.ERROR,
         "v=spf1 a mx include:spf.brevo.com -all"),
        (with_spf("v=spf1 a -all"), "spf_provider_missing", Level.WARNING, "v=spf1 a include:spf.brevo.com -all"),
        (with_spf("v=spf1 include:spf.brevo.com +all"), "spf_open", Level.ERROR, "v=spf1 include:spf.brevo.com ~all"),
        (with_spf("v=spf1 include:spf.brevo.com"), "spf_no_end", Level.WARNING, "v=spf1 include:spf.brevo.com ~all"),
        (with_spf("v=spf1 inlcude:spf.brevo.com -all"), "spf_invalid", Level.ERROR, None),
    ],
)  # fmt: skip
def test_spf_is_told_with_what_it_ought_to_say(records: Records, code: str, level: Level, put: str | None) -> None:
    (found,) = spf_findings(records, NEEDS)
    assert (found.code, found.level) == (code, level)
    assert found.put == (Record(D, "TXT", put) if put else None)


def test_whether_a_mail_server_of_ones_own_is_in_spf_is_left_open() -> None:
    assert [one.code for one in spf_findings(GOOD, SERVER)] == ["spf_ok_own"]


def test_a_mail_server_of_ones_own_has_to_stand_in_spf() -> None:
    (found,) = spf_findings(with_spf(), SERVER)
    assert (found.code, found.level, found.put) == ("spf_missing", Level.ERROR, Record(D, "TXT", "v=spf1 mx ~all"))


@pytest.mark.parametrize(
    ("case", "changes", "needs", "code", "level"),
    [
        ("a key of the domain", {}, NEEDS, "alignment_ok", Level.OK),
        ("a key of the organisation", {"keys": (replace(KEY, domain="shop.example"),)},
         NEEDS, "alignment_ok", Level.OK),
        ("that, but the very domain is wanted", {"keys": (replace(KEY, domain="shop.example"),),
         "dmarc": ("v=DMARC1; p=none; adkim=s",)}, NEEDS, "alignment_strict", Level.ERROR),
        ("no key, and mail is refused", {"keys": (replace(KEY, texts=()),)}, NEEDS, "alignment_missing", Level.ERROR),
        ("no key, and mail is only watched", {"keys": (replace(KEY, texts=()),), "dmarc": ("v=DMARC1; p=none",)},
         NEEDS, "alignment_missing", Level.WARNING),
        ("no answer about the key", {"keys": (replace(KEY, texts=None),)}, NEEDS, "alignment_unknown", Level.UNKNOWN),
        ("no selector is known", {"keys": ()}, NEEDS, "alignment_unknown", Level.UNKNOWN),
        ("no key, a mail server of one's own", {"keys": ()}, SERVER, "alignment_by_spf", Level.WARNING),
        ("neither", {"keys": (), "spf": {D: ()}}, SERVER, "alignment_unknown", Level.UNKNOWN),
    ],
)  # fmt: skip
def test_a_mail_shows_whose_it_is(
    case: str, changes: dict[str, object], needs: SenderNeeds, code: str, level: Level
) -> None:
    records = replace(GOOD, **changes)  # type: ignore[arg-type]
    found = check(records, needs, "https://app.example.com")
    (one,) = [one for one in found if one.check == "alignment"]
    assert (one.code, one.level) == (code, level), case


def test_a_missing_policy_belongs_at_the_organisation() -> None:
    found = check(replace(GOOD, dmarc_of_organisation=()), NEEDS, "https://app.example.com")
    (one,) = [one for one in found if one.check == "dmarc"]
    assert one.put == Record("_dmarc.shop.example", "TXT", "v=DMARC1; p=none")


def test_without_an_answer_nothing_is_said_to_be_wrong() -> None:
    silent = Records(D, "shop.example", {D: None}, (replace(KEY, texts=None),), None, None, None, None)
    found = check(silent, NEEDS, "https://app.example.com")
    assert {one.level for one in found if one.check != "list_unsubscribe"} == {Level.UNKNOWN}


@pytest.mark.parametrize(("url", "level"), [("https://a.example/u", Level.OK), ("http://a.example/u", Level.ERROR)])
def test_one_click_wants_https(url: str, level: Level) -> None:
    assert unsubscribe_finding(url).level is level


def test_a_weak_key_aligns_nothing() -> None:
    weak = (Finding("dkim", "dkim_weak", Level.ERROR),)  # type: ignore[arg-type]
    assert alignment_finding(GOOD, NEEDS, (), weak).code == "alignment_missing"


def test_every_code_is_worded_for_merchants_in_both_languages() -> None:
    codes = set()
    for module in (sender_checks, dmarc):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
            match node:
                case ast.Constant(value=str(text)) if re.fullmatch(r"(spf|dkim|dmarc|alignment|mx|list|dns)_\w+", text):
                    codes.add(text)
    codes |= {f"{code}_inherited" for code in ("dmarc_ok", "dmarc_watches")}
    words = Path(__file__).parents[2] / "dashboard_extension/src/words"
    for language in ("en", "es"):
        worded = re.findall(r'"finding\.(\w+)":', (words / f"arrival.{language}.ts").read_text())
        assert set(worded) == codes

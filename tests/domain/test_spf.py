"""SPF records as RFC 7208 reads them."""

import pytest

from saleor_lifecycle.domain import spf

D = "shop.example"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=spf1", True),
        ("v=spf1 -all", True),
        ("V=SPF1 -all", True),
        ("v=spf10 -all", False),
        ("v=spf1-all", False),
        (" v=spf1 -all", False),
        ("spf2.0/pra -all", False),
        ("google-site-verification=v=spf1", False),
    ],
)
def test_a_record_begins_with_its_version(text: str, is_one: bool) -> None:
    assert spf.records([text, "other"]) == ((text,) if is_one else ())


@pytest.mark.parametrize(
    ("case", "text", "lookups"),
    [
        ("addresses cost nothing", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 -all", 0),
        ("each of these costs one", "v=spf1 a mx ptr exists:e.example a:x.example mx:y.example/24 -all", 6),
        ("what stands behind all is not reached", "v=spf1 a -all mx include:one.example", 1),
        ("a redirect beside all is not looked at", "v=spf1 a -all redirect=one.example", 1),
        ("a redirect costs one and what it leads to", "v=spf1 redirect=one.example", 3),
        ("an include costs one and what it leads to", "v=spf1 include:one.example -all", 3),
        ("one that is included twice costs twice", "v=spf1 include:one.example include:one.example -all", 6),
        ("other modifiers cost nothing", "v=spf1 exp=why.example a new=x -all", 1),
        ("a macro is not followed", "v=spf1 include:%{i}.example -all", 1),
        ("upper case says the same", "v=spf1 INCLUDE:One.Example. -ALL", 3),
    ],
)
def test_the_cost_is_counted_through_everything_that_is_led_to(case: str, text: str, lookups: int) -> None:
    held = {D: (text,), "one.example": ("v=spf1 a mx -all",)}
    assert spf.walk(D, held).lookups == lookups, case


@pytest.mark.parametrize("includes", [10, 11])
def test_ten_lookups_are_the_most(includes: int) -> None:
    names = [f"s{number}.example" for number in range(includes)]
    held = {D: (f"v=spf1 {' '.join(f'include:{name}' for name in names)} -all",)} | {
        name: ("v=spf1 -all",) for name in names
    }
    assert (spf.walk(D, held).lookups > spf.MOST_LOOKUPS) == (includes == 11)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("v=spf1 -all", "-"),
        ("v=spf1 ~all", "~"),
        ("v=spf1 ?all", "?"),
        ("v=spf1 all", "+"),
        ("v=spf1 a", ""),
        ("v=spf1 redirect=one.example", "-"),
        ("v=spf1 include:one.example", ""),
    ],
)
def test_the_end_is_that_of_the_record_or_of_where_it_is_led(text: str, end: str) -> None:
    assert spf.walk(D, {D: (text,), "one.example": ("v=spf1 -all",)}).end == end


@pytest.mark.parametrize(
    "word", ["inlcude:one.example", "include:", "ip4:", "all:x", "redirect=a redirect=b", "-", "mx;"]
)
def test_a_term_that_is_none_makes_the_record_an_error(word: str) -> None:
    assert spf.walk(D, {D: (f"v=spf1 {word} -all",)}).invalid.startswith(f"{D}: ")


@pytest.mark.parametrize("other", [(), ("v=spf1 -all", "v=spf1 a -all")])
def test_what_is_included_has_to_have_one_record(other: tuple[str, ...]) -> None:
    walked = spf.walk(D, {D: ("v=spf1 include:one.example -all",), "one.example": other})
    assert (walked.broken, walked.end) == ("one.example", "-")


def test_what_did_not_answer_is_no_error() -> None:
    walked = spf.walk(D, {D: ("v=spf1 include:one.example -all",), "one.example": None})
    assert (walked.broken, walked.invalid, walked.is_unknown) == ("", "", True)


@pytest.mark.parametrize(
    ("texts", "include", "merged"),
    [
        (["v=spf1 mx -all"], "p.example", "v=spf1 mx include:p.example -all"),
        (["v=spf1 mx"], "", "v=spf1 mx ~all"),
        (["v=spf1 mx a -all", "v=spf1 a include:p.example ~all"], "p.example", "v=spf1 mx a include:p.example -all"),
        (["v=spf1 redirect=o.example"], "p.example", "v=spf1 include:p.example redirect=o.example"),
    ],
)
def test_several_records_become_one(texts: list[str], include: str, merged: str) -> None:
    assert spf.merged(texts, include) == merged
    assert len(spf.terms(merged)) >= 1


def test_an_open_end_is_closed() -> None:
    assert spf.closed("v=spf1 mx +all") == "v=spf1 mx ~all"
    assert spf.proposal("p.example") == "v=spf1 include:p.example ~all"

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.delivery_events import Verdict
from saleor_lifecycle.domain.scanners import Judgement, Request, Sign, Trait, judge, traits

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
DELIVERED = NOW - timedelta(hours=1)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)
NETWORKS = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))
HUMAN = Judgement(Verdict.HUMAN)


def by(sign: Sign | Trait) -> Judgement:
    return Judgement(Verdict.SCANNER, sign)


def after(seconds: float, link: int = 0, *shown: Trait) -> Request:
    return Request(link, NOW + timedelta(seconds=seconds), frozenset(shown))


@pytest.mark.parametrize(
    ("case", "requests", "links", "expected"),
    [
        ("nothing", [], 3, []),
        ("one link", [after(0)], 3, [HUMAN]),
        ("the only link of a message", [after(0)], 1, [HUMAN]),
        ("the same link many times", [after(at) for at in range(5)], 3, [HUMAN] * 5),
        ("two links of three, soon one after the other", [after(0, 0), after(4, 1)], 3, [HUMAN] * 2),
        ("all of two links within a burst", [after(0, 0), after(10, 1)], 2, [by(Sign.BURST)] * 2),
        ("all of two links, a moment too slow", [after(0, 0), after(10.001, 1)], 2, [HUMAN] * 2),
        ("three of many", [after(0, 0), after(5, 1), after(10, 2)], 20, [by(Sign.BURST)] * 3),
        ("three of many, a moment too slow", [after(0, 0), after(5, 1), after(10.1, 2)], 20, [HUMAN] * 3),
        (
            "a person long before a burst stays a person",
            [after(-60, 1), after(0, 0), after(1, 1), after(2, 2)],
            4,
            [HUMAN, *[by(Sign.BURST)] * 3],
        ),
        ("each of the links, slowly", [after(at * 100, at) for at in range(3)], 3, [by(Sign.ROUND)] * 3),
        ("each of the links, at leisure", [after(at * 151, at) for at in range(3)], 3, [HUMAN] * 3),
        ("all but one, slowly", [after(at * 100, at) for at in range(3)], 4, [HUMAN] * 3),
        ("asked for the head", [after(0, 0, Trait.HEAD)], 3, [by(Trait.HEAD)]),
        (
            "a scanner looks at the one link while the person follows it",
            [after(0, 0, Trait.TOOL), after(1, 0)],
            3,
            [by(Trait.TOOL), HUMAN],
        ),
    ],
)
def test_who_followed_what(case: str, requests: list[Request], links: int, expected: list[Judgement]) -> None:
    assert judge(requests, links, DELIVERED) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-30, by(Sign.TOO_SOON)), (0, by(Sign.TOO_SOON)), (4.999, by(Sign.TOO_SOON)), (5, HUMAN), (3600, HUMAN)],
)
def test_nobody_follows_a_link_before_it_can_be_read(seconds: float, expected: Judgement) -> None:
    assert judge([after(seconds)], 3, NOW) == [expected]


def test_without_a_delivery_the_moment_says_nothing() -> None:
    assert judge([after(0)], 3, None) == [HUMAN]


@given(
    st.lists(
        st.builds(after, st.integers(0, 400), st.integers(0, 4), st.sampled_from([Trait.HEAD])).map(
            lambda one: Request(one.link, one.at)
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_changes_no_judgement(requests: list[Request], chance: object) -> None:
    told = list(zip(requests, judge(requests, 5, DELIVERED), strict=True))
    shuffled = list(requests)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = list(zip(shuffled, judge(shuffled, 5, DELIVERED), strict=True))
    assert sorted(map(repr, told)) == sorted(map(repr, again))


@given(st.lists(st.integers(0, 600), max_size=8), st.integers(0, 4), st.integers(0, 600))
def test_more_requests_make_nobody_a_person_again(moments: list[int], link: int, at: int) -> None:
    requests = [after(moment, place % 5) for place, moment in enumerate(moments)]
    before = judge(requests, 5, DELIVERED)
    now = judge([*requests, after(at, link)], 5, DELIVERED)
    assert all(
        later.verdict is Verdict.SCANNER
        for earlier, later in zip(before, now, strict=False)
        if earlier.verdict is Verdict.SCANNER
    )


@pytest.mark.parametrize(
    ("method", "headers", "address", "expected"),
    [
        ("GET", {"User-Agent": PHONE}, "198.51.100.7", set()),
        ("GET", {"User-Agent": PHONE.replace("iPhone;", "CUBOT NOTE 20;")}, "", set()),
        ("HEAD", {"User-Agent": PHONE}, "198.51.100.7", {Trait.HEAD}),
        ("GET", {"User-Agent": PHONE, "Sec-Purpose": "prefetch;prerender"}, "", {Trait.PREFETCH}),
        ("GET", {"User-Agent": PHONE, "Purpose": "prefetch"}, "", {Trait.PREFETCH}),
        ("GET", {"User-Agent": PHONE, "X-Purpose": "preview"}, "", {Trait.PREFETCH}),
        ("GET", {"User-Agent": PHONE, "X-Moz": "prefetch"}, "", {Trait.PREFETCH}),
        ("GET", {}, "", {Trait.TOOL}),
        ("GET", {"User-Agent": "curl/8.5.0"}, "", {Trait.TOOL}),
        ("GET", {"User-Agent": "python-requests/2.32"}, "", {Trait.TOOL}),
        ("GET", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "", {Trait.TOOL}),
        ("GET", {"User-Agent": "Mozilla/5.0 (X11; Linux) HeadlessChrome/126.0"}, "", {Trait.TOOL}),
        ("GET", {"User-Agent": "BarracudaSentinel (EE)"}, "", {Trait.TOOL}),
        ("GET", {"User-Agent": "Mozilla/5.0"}, "", {Trait.PRIVACY_PROXY}),
        ("GET", {"User-Agent": PHONE}, "192.0.2.1", {Trait.NETWORK}),
        ("GET", {"User-Agent": PHONE}, "::ffff:192.0.2.1", {Trait.NETWORK}),
        ("GET", {"User-Agent": PHONE}, "2001:db8::1", {Trait.NETWORK}),
        ("GET", {"User-Agent": PHONE}, "no address", set()),
    ],
)
def test_what_a_request_shows(method: str, headers: dict[str, str], address: str, expected: set[Trait]) -> None:
    assert traits(method, headers, address, NETWORKS) == expected

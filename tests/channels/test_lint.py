from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_lifecycle.channels.faults import WARNINGS, WORDS, Fault, FaultCode
from saleor_lifecycle.channels.lint import Draft, Looked, look_through
from saleor_lifecycle.channels.ready import ReadyTemplate, ready_templates
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.domain.messages import Context, Purpose

FOOT = (
    "{{ footer.company }} {{ footer.address }} {{ footer.email }} {{ footer.privacy_url }} {{ footer.reason }} "
    "{{ links.unsubscribe }}"
)
COMMERCIAL = Draft("Hello", "", "", "en", Context.CART, Purpose.COMMERCIAL)


def document(column: str, foot: str = FOOT) -> str:
    inner = f"\n{column}\n<mj-text>{foot}</mj-text>"
    return f"<mjml><mj-body><mj-section><mj-column>{inner}</mj-column></mj-section></mj-body></mjml>"


def look(column: str = "", foot: str = FOOT, **changes: object) -> Looked:
    draft = replace(COMMERCIAL, mjml=document(column, foot), **changes)
    return look_through(draft, {"shop.example"}, [{"company": "Casa"}])


def codes(looked: Looked) -> list[tuple[str, str, int | None]]:
    return [(fault.code.value, fault.part, fault.line) for fault in looked.faults]


def test_nothing_is_wrong_with_a_message_that_says_all_it_must() -> None:
    looked = look("<mj-text>Hello {{ customer.first_name }}</mj-text>")
    assert looked.faults == ()
    assert looked.source is not None
    assert looked.is_text_made
    assert "Hello {{ customer.first_name }}" in looked.source.text


@pytest.mark.parametrize("ready", ready_templates(), ids=lambda ready: f"{ready.key}-{ready.language}")
def test_nothing_is_wrong_with_the_ready_ones(ready: ReadyTemplate) -> None:
    draft = Draft(ready.subject, ready.mjml, ready.text, ready.language, ready.context, ready.purpose)
    assert look_through(draft, {"shop.example"}, []).faults == ()
    assert look_through(replace(draft, text=""), {"shop.example"}, []).faults == ()


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("<mj-text>\n{{ shop.nam }}</mj-text>", ("unknown_name", "html", 3)),
        ("<mj-text>{{ shop.name | shout }}</mj-text>", ("unknown_filter", "html", 2)),
        ("<mj-text>{{ shop.name </mj-text>", ("never_closed", "html", 2)),
        ("<mj-text>{% if shop.name %}</mj-text>", ("broken_liquid", "html", None)),
        ("<mj-text>{% include 'a' %}</mj-text>", ("broken_liquid", "html", 2)),
        ("<mj-txt>a</mj-txt>", ("unknown_element", "html", 2)),
        ("<mj-text>a", ("closes_nothing", "html", 3)),
        ("<mj-text>{{ cart.total | money }}</mj-text>", ("broken_liquid", "html", None)),
        ("<mj-raw>\n<script>a()</script></mj-raw>", ("active_content", "html", 3)),
        ('<mj-text><a href="javascript:a()">a</a></mj-text>', ("active_content", "html", 2)),
        ('<mj-text><b onclick="a()">a</b></mj-text>', ("active_content", "html", 2)),
        ('<mj-text><form action="https://shop.example">a</form></mj-text>', ("active_content", "html", 2)),
    ],
)
def test_an_error_is_told_with_its_place_and_nothing_is_ready(column: str, found: tuple[str, str, int | None]) -> None:
    looked = look(column)
    assert codes(looked) == [found]
    assert looked.source is None


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ('\n<mj-image src="https://shop.example/a.png" />', ("alt_missing", "html", 3)),
        ('<mj-text><img src="{{ shop.logo }}" width="9" height="9" /></mj-text>', ("alt_missing", "html", 2)),
        ('<mj-text><img src="{{ shop.logo }}" alt="" /></mj-text>', ("size_missing", "html", 2)),
        ('<mj-button href="http://shop.example/{{ language }}">a</mj-button>', ("plain_http", "html", 2)),
        ('<mj-image src="http://shop.example/a.png" alt="a" />', ("plain_http", "html", 2)),
        ('<mj-text><a href="https://evil.example/shop.example">a</a></mj-text>', ("foreign_link", "html", 2)),
        ('<mj-text><a href="https://notshop.example">a</a></mj-text>', ("foreign_link", "html", 2)),
        ('<mj-text><a href="#">a</a></mj-text>', ("link_empty", "html", 2)),
        ('<mj-text><a href="https://[">a</a></mj-text>', ("link_empty", "html", 2)),
    ],
)
def test_a_warning_is_told_and_the_message_is_ready(column: str, found: tuple[str, str, int | None]) -> None:
    looked = look(column)
    assert codes(looked) == [found]
    assert looked.source is not None


def test_a_mail_that_gmail_would_cut_off_is_told() -> None:
    loop = f"<mj-text>{{% for line in cart.lines %}}{'long ' * 11_000}{{% endfor %}}</mj-text>"
    looked = look(loop, text=f"Given. {FOOT}")
    assert codes(looked) == [("too_large", "html", None)]
    assert looked.source is not None


@pytest.mark.parametrize(
    "column",
    [
        '<mj-button href="{{ links.cart }}">a</mj-button>',
        '<mj-button href="{{ shop.url }}/sale">a</mj-button>',
        '<mj-button href="https://www.shop.example/sale">a</mj-button>',
        '<mj-text><a href="mailto:a@b.example">a</a></mj-text>',
        '<mj-image src="https://cdn.example/a.png" alt="" />',
    ],
)
def test_links_to_the_shop_and_pictures_from_elsewhere_are_in_order(column: str) -> None:
    assert look(column).faults == ()


@pytest.mark.parametrize(
    ("foot", "found"),
    [
        (FOOT.replace("{{ links.unsubscribe }}", ""), "unsubscribe_missing"),
        *(
            (FOOT.replace(f"{{{{ footer.{name} }}}}", ""), "footer_missing")
            for name in ("company", "address", "email", "privacy_url", "reason")
        ),
    ],
)
def test_a_commercial_message_without_its_foot_is_refused_in_both_parts(foot: str, found: str) -> None:
    looked = look("", foot)
    assert codes(looked) == [(found, "html", None), (found, "text", None)]
    assert looked.source is None


def test_what_the_brand_says_may_stand_there_literally() -> None:
    assert look("", FOOT.replace("{{ footer.company }}", "Casa")).faults == ()


def test_the_text_that_somebody_wrote_needs_the_foot_as_well() -> None:
    looked = look("", text="Hello\n{{ shop.nam }}")
    assert codes(looked) == [("unknown_name", "text", 2)]
    looked = look("", text=f"Hello\nhttp://shop.example {FOOT.replace('{{ links.unsubscribe }}', '')}")
    assert codes(looked) == [("plain_http", "text", 2), ("unsubscribe_missing", "text", None)]


def test_a_service_message_needs_no_unsubscribe_link_and_should_say_who_sends_it() -> None:
    looked = look("", "Hello", purpose=Purpose.SERVICE, context=Context.CUSTOMER)
    assert {fault.code for fault in looked.faults} == {FaultCode.SERVICE_FOOTER_MISSING}
    assert looked.source is not None


@pytest.mark.parametrize("place", ["subject", "html", "text"])
def test_an_offer_as_service_is_refused_wherever_it_stands(place: str) -> None:
    words = "Total {{ cart.total }}"
    given = {"subject": words} if place == "subject" else {"text": f"{words} {FOOT}"} if place == "text" else {}
    column = f"<mj-text>{words}</mj-text>" if place == "html" else ""
    looked = look(column, purpose=Purpose.SERVICE, **given)
    assert codes(looked) == [("offer_as_service", place, None)]
    assert looked.source is None
    assert look(column, **given).source is not None


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("", [("subject_empty", "subject", None)]),
        ("{% if shop.name == '' %}a{% endif %}", [("subject_empty", "subject", None)]),
        ("x" * 70, []),
        ("x" * 71, [("subject_long", "subject", None)]),
        ("x" * 501, [("too_long", "subject", None)]),
        ("{{ shop.nam }}", [("unknown_name", "subject", None)]),
    ],
)
def test_a_subject_says_something_in_few_words(subject: str, found: list[tuple[str, str, int | None]]) -> None:
    assert codes(look(subject=subject)) == found


PIECES = st.lists(
    st.sampled_from(
        [
            *("<mj-text>", "</mj-text>", "<mj-raw>", "</mj-raw>", "<b>", "</b>", "<br />", "<img src='a' />", "<", ">"),
            *("{{ shop.name }}", "{{ cart.lines[0].product }}", "{{ nobody }}", "{{", "}}", "{%", "%}", "{{ }}"),
            *("{% for l in cart.lines %}", "{{ l.total | money: l.currency }}", "{% endfor %}", "{% if a < b %}"),
            *("{% endif %}", "{% assign a = 1 %}", "{{ a | times: 9 }}", "{% raw %}", "{% comment %}", "xLiquid0x"),
            *("<!--", "-->", "<![CDATA[", "]]>", "&", "&nbsp;", "'", '"', "\\", "\0", "\u202e", "é", "\n", "=", "a"),
            *('<a href="', '<a href="http://[">', "<mj-image src='{{ shop.logo }}'/>", "{{- 1 -}}", "{% cycle 1, 2 %}"),
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(PIECES, PIECES, PIECES)
def test_whatever_is_written_is_refused_with_words_or_ready(column: str, subject: str, text: str) -> None:
    looked = look(column, subject=subject, text=text)
    is_wrong = any(fault.is_error for fault in looked.faults)
    assert (looked.source is None) == is_wrong
    for fault in looked.faults:
        assert fault.words("es")
        assert fault.line is None or 0 < fault.line <= 40
    if looked.source is not None:
        words = render(looked.source, sample_values(Context.CART, "en"))
        assert words.subject == " ".join(words.subject.split())


def test_every_fault_has_words_in_both_languages() -> None:
    for words in WORDS.values():
        assert set(words) == {*(code.value for code in FaultCode), "near"}
    for code in FaultCode:
        fault = Fault(code, "html", 3, "a {b}", "c")
        assert fault.is_error == (code not in WARNINGS)
        assert fault.words("es-MX") != fault.words("de") == fault.words("en")

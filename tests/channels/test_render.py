from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.channels.faults import FaultCode, TemplateError
from saleor_lifecycle.channels.mentions import used_names
from saleor_lifecycle.channels.money import format_money
from saleor_lifecycle.channels.render import check_template, render
from saleor_lifecycle.channels.templates import TemplateSource, parse

NAMES = {"shop.name", "customer.first_name", "cart.lines[].product", "cart.lines[].total", "cart.total"}
VALUES: dict[str, Any] = {
    "shop": {"name": "Olmo & Co"},
    "customer": {"first_name": "<b>Lucía</b>"},
    "cart": {"lines": [{"product": "A", "total": Decimal("12.5")}, {"product": "B", "total": "3"}], "total": 15},
}


def source(subject: str = "S", html: str = "", text: str = "", language: str = "en") -> TemplateSource:
    return TemplateSource(subject=subject, html=html, text=text, language=language)


def test_escapes_values_in_html_only() -> None:
    part = "{{ customer.first_name }} {{ shop.name }}"

    rendered = render(source(part, part, part), VALUES)

    assert rendered.html == "&lt;b&gt;Lucía&lt;/b&gt; Olmo &amp; Co"
    assert rendered.subject == rendered.text == "<b>Lucía</b> Olmo & Co"


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: x@y.org", "a\nBcc: x@y.org", "a\x00\x85\u2028Bcc: x@y.org", " a\t  Bcc: x@y.org "]
)
def test_keeps_the_subject_on_one_line(name: str) -> None:
    rendered = render(source("{{ customer.first_name }}\n"), {**VALUES, "customer": {"first_name": name}})

    assert rendered.subject == "a Bcc: x@y.org"


def test_refuses_a_subject_of_which_nothing_is_left() -> None:
    with pytest.raises(TemplateError, match="subject: nothing is left"):
        render(source("{{ customer.first_name }}"), {**VALUES, "customer": {"first_name": " \n"}})


@pytest.mark.parametrize("part", ["subject", "html", "text"])
def test_leaves_no_hole_where_a_value_is_missing(part: str) -> None:
    with pytest.raises(TemplateError, match=f"{part}.*nick"):
        render(replace(source(), **{part: "Hi {{ customer.nick }}"}), VALUES)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{{ shop.nam }}", 'there is no value "shop.nam"; did you mean "shop.name"?'),
        ("{% if customer.vip %}x{% endif %}", 'no value "customer.vip"'),
        ("{% for line in cart.lines %}{{ line.prodct }}{% endfor %}", 'no value "line.prodct"; did you mean'),
        ("{% for line in cart.rows %}{{ line.product }}{% endfor %}", 'no value "cart.rows"'),
        ("{{ cart.lines[0].name }}", 'no value "cart.lines[0].name"'),
        ("{% assign c = cart %}{{ c.sum }}", 'no value "c.sum"'),
        ("{% case nothing %}{% when 1 %}x{% endcase %}", 'no value "nothing"'),
        ("{{ shop.name | append: customer.surname }}", 'no value "customer.surname"'),
        ("{{ cart.lines }}", '"cart.lines" is a group of values'),
        ("{{ shop.name | shout }}", 'no filter "shout"'),
        ("{{ shop.name | safe }}", 'no filter "safe"'),
        ('{{ "now" | date: "%Y" }}', 'no filter "date"'),
        ("{{ cart.total | money }}", "money"),
        ("{{ shop.name | money: 'EUR' }}", "an amount is"),
        ("{% for i in (1..999999999) reversed %}x{% endfor %}", "range"),
        ("{% include 'other' %}", "unexpected tag 'include'"),
        ("{% render 'other' %}", "unexpected tag 'render'"),
        ("{% if shop.name %}x", "expected tag endif"),
        ("{{ shop.name", "{{ shop.name is never closed"),
        ("{% for line in cart.lines %}{{ line.product }}{% endfor %}{{ line.product }}", 'no value "line.product"'),
        (
            "{% for line in cart.lines %}{% assign last = line %}{% endfor %}{{ last.product }}",
            'no value "last.product"',
        ),
        ("{% if cart.total > 9 %}{% assign big = true %}{% endif %}{{ big }}", 'no value "big"'),
        ("\n\n{{ " + "x" * 1000 + " }}", "line 3: {{ xxx"),
        ("{{ " + "a[" * 480, "{{ a[a[a[a[a[a[a[a[a is never closed"),
    ],
)
def test_says_at_save_what_would_go_wrong_at_send(written: str, problem: str) -> None:
    with pytest.raises(TemplateError) as refused:
        check_template(source(text=written), NAMES, VALUES)

    assert problem in str(refused.value)
    assert str(refused.value).startswith("text")


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("{% for line in cart.lines %}{{ forloop.index }} {{ line.product }}{% endfor %}", "1 A2 B"),
        (
            "{{ cart.lines.size }} {{ cart.lines | size }} {{ cart.lines.first.product }} {{ cart.lines[0].total }}",
            "2 2 A 12.5",
        ),
        ("{% assign first = cart.lines[0] %}{{ first.product }}", "A"),
        ("{% assign name = shop.name | upcase %}{{ name }}", "OLMO & CO"),
        ("{% capture name %}{{ shop.name }}{% endcapture %}{{ name }}", "Olmo & Co"),
        (
            '{% if customer.first_name != "" %}{{ customer.first_name | default: "you" }}{% endif %} {{ language }}',
            "<b>Lucía</b> en",
        ),
        (
            "{% for a in cart.lines %}{% for b in cart.lines %}{{ a.product }}{{ b.product }}{% endfor %}{% endfor %}",
            "AAABBABB",
        ),
        ("x{% comment %}{{ nothing }}{% endcomment %}", "x"),
    ],
)
def test_lets_through_what_can_be_filled_in(written: str, filled: str) -> None:
    check_template(source(text=written), NAMES, VALUES)

    assert render(source(text=written), VALUES).text == filled


def test_tells_every_problem_at_once() -> None:
    with pytest.raises(TemplateError) as refused:
        check_template(source("{{ a }}", "{{ b }}", "\n{{ c"), NAMES)

    assert [problem.partition(":")[0] for problem in refused.value.problems] == ["subject", "html", "text, line 2"]


@pytest.mark.parametrize(
    "greedy",
    [
        "{% for a in l %}{% for b in l %}{% for c in l %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in l %}{{ long }}{% endfor %}",
        "{% assign x = long %}{% for a in l %}{% assign x = x | append: x %}{% endfor %}",
        "{% assign x = 99 %}{% for a in l %}{% assign x = x | times: x %}{% endfor %}{{ x }}",
        "{{ 1 | divided_by: 0 }}",
    ],
)
def test_stops_at_its_limits(greedy: str) -> None:
    with pytest.raises(TemplateError):
        render(source(text=greedy), {"l": list(range(30)), "long": "x" * 20_000})


@pytest.mark.parametrize(
    "slow",
    [
        "{% for a in l %}{% for b in l %}{% for c in l %}" + "{% if a %}{% endif %}" * 4000 + "{% endfor %}" * 3,
        "{% for a in l %}{% for b in l %}{% assign x = long"
        + " | strip_html | escape" * 40
        + " %}{% endfor %}{% endfor %}",
    ],
    ids=["conditions", "filters"],
)
def test_stops_where_it_takes_too_long_and_writes_too_little_for_the_other_limits(slow: str) -> None:
    with pytest.raises(TemplateError) as refused:
        render(source(text=slow), {"l": list(range(17)), "long": "x" * 90_000})

    assert [fault.code for fault in refused.value.faults] == [FaultCode.TOO_SLOW]


@pytest.mark.parametrize("open_braces", ["{{" * 20_000, "{%" * 20_000, "{{ a }}{{" * 9_000])
def test_refuses_braces_that_never_close_without_looking_for_long(open_braces: str) -> None:
    with pytest.raises(TemplateError, match=r"never closed|is no value"):
        parse("text", open_braces)


def test_names_what_a_template_uses_by_its_full_path() -> None:
    written = (
        "{% for line in cart.lines %}{% assign p = line.product %}{{ p }}{% endfor %}"
        "{% if shop.name == customer.first_name %}{{ language }}{% endif %}{% assign own = 1 %}{{ own }}"
    )

    assert used_names("text", written) == {"cart.lines", "cart.lines[].product", "shop.name", "customer.first_name"}


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("12.5", "EUR", "es", "12,50\u00a0€"),
        ("12.5", "EUR", "en", "€12.50"),
        ("1234.5", "EUR", "es-ES", "1.234,50\u00a0€"),
        ("1234567.5", "EUR", "es", "1.234.567,50\u00a0€"),
        ("1200", "JPY", "en", "¥1,200"),
        ("12.5", "GBP", "xx-unknown", "£12.50"),
        ("12.5", "ZZZ", "en", "ZZZ12.50"),
    ],
)
def test_writes_money_as_the_language_does(amount: str, currency: str, language: str, expected: str) -> None:
    assert format_money(Decimal(amount), currency, language) == expected


@pytest.mark.parametrize("amount", ["1,5", "", None, 1.5, True, "NaN", Decimal("Infinity")])
def test_refuses_what_is_no_amount(amount: object) -> None:
    with pytest.raises(TemplateError, match="an amount is"):
        render(source(text='{{ amount | money: "EUR" }}'), {"amount": amount})

import pytest

from saleor_lifecycle.channels.faults import FaultCode, TemplateError
from saleor_lifecycle.channels.mjml import compile_mjml


def document(column: str) -> str:
    return f"<mjml>\n<mj-body><mj-section><mj-column>\n{column}\n</mj-column></mj-section></mj-body></mjml>"


@pytest.mark.parametrize(
    "liquid",
    [
        "{{ shop.name }}",
        "{% if cart.total < 2 %}a & b{% endif %}",
        "{% for line in cart.lines %}<b>{{ line.product }}</b>{% endfor %}",
        "<a href='x'>{{ 'a' | append: \"b\" }}</a>",
        "{{\n shop.name\n}}",
    ],
)
def test_keeps_liquid_letter_for_letter(liquid: str) -> None:
    html = compile_mjml(document(f"<mj-text>{liquid}</mj-text>"))

    assert liquid.replace("'x'", '"x"') in html


def test_keeps_liquid_in_attributes_with_quotes_of_its_own() -> None:
    html = compile_mjml(document('<mj-button href="{{ links.cart | append: "?a" }}">Go</mj-button>'))

    assert 'href="{{ links.cart | append: "?a" }}"' in html


def test_keeps_conditions_around_elements() -> None:
    html = compile_mjml(document("<mj-raw>{% if a %}</mj-raw><mj-text>only then</mj-text><mj-raw>{% endif %}</mj-raw>"))

    assert html.index("{% if a %}") < html.index("only then") < html.index("{% endif %}")


def test_drops_comments_with_their_liquid_and_fetches_nothing() -> None:
    html = compile_mjml(document('<!-- {{ old }} --><mj-text font-family="Ubuntu">a</mj-text>'))

    assert "old" not in html
    assert "http-equiv" in html
    assert "fonts.googleapis" not in html


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (document("<mj-text>a"), "line 3: <mj-text> is never closed|line 4: </mj-column> closes nothing"),
        (document("<mj-txt>a</mj-txt>"), "line 3: there is no element <mj-txt>"),
        (document("{{\n\n a }}<mj-txt>a</mj-txt>"), "line 5: there is no element <mj-txt>"),
        (document('<mj-include path="/etc/passwd" />'), "line 3: there is no element <mj-include>"),
        (document("<mj-text></b></mj-text>"), "html.*: this is not readable as MJML"),
        ("<mjml><mj-body>", "line 1: <mj-body> is never closed"),
        ("just words", "this is not readable as MJML"),
        ("", "this is not readable as MJML"),
        (document("<mj-text colour='{{ ink }}'>a</mj-text>"), "{{ ink }} is lost where it stands"),
        (document("xLiquid0x"), "reserved"),
        (document("<mj-text>\n{{ shop.name </mj-text>"), "line 4: {{ shop.name </mj-te is never closed"),
        (document("<mj-text>" + "<div>" * 30_000 + "</div>" * 30_000 + "</mj-text>"), "line 3: .*nested too deeply"),
        (document("<mj-text>" + "<_>" * 30_000 + "</_>" * 30_000 + "</mj-text>"), "line 3: .*nested too deeply"),
        ("<mjml><mj-body>" + "<mj-wrapper>" * 30_000, "line 1: .*nested too deeply"),
    ],
)
def test_says_where_a_document_is_broken(source: str, problem: str) -> None:
    with pytest.raises(TemplateError, match=problem):
        compile_mjml(source)


def test_what_the_compiler_panics_at_is_refused_as_unreadable() -> None:
    with pytest.raises(TemplateError) as refused:
        compile_mjml(
            "<mjml><mj-body><mj-section><mj-column><mj-text>aé=></mj-text></mj-column></mj-section></mj-body></mjml>"
        )
    assert refused.value.faults[0].code is FaultCode.BROKEN_MJML

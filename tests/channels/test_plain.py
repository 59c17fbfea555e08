import pytest

from saleor_lifecycle.channels.plain import plain_text

HEAD = "<mj-head><mj-title>T</mj-title><mj-style>.a {}</mj-style></mj-head>"


def document(column: str) -> str:
    body = f"<mj-section><mj-column>\n{column}\n</mj-column></mj-section>"
    return f"<mjml>{HEAD}<mj-body>{body}</mj-body></mjml>"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("<mj-text>One &amp; <b>two</b>\n three</mj-text><mj-text>Four</mj-text>", "One & two three\n\nFour"),
        ('<mj-button href="{{ links.cart }}">Back</mj-button>', "Back:\n{{ links.cart }}"),
        ('<mj-text>See <a href="https://a.example">us</a>.</mj-text>', "See us (https://a.example)."),
        ('<mj-text><a href="mailto:{{ footer.email }}">{{ footer.email }}</a></mj-text>', "{{ footer.email }}"),
        ("<mj-text>a<br />b<ul><li>c</li><li>d</li></ul></mj-text>", "a\nb\n\n- c\n\n- d"),
        ('<mj-image src="x" alt="A picture" />', "A picture"),
        ('<mj-image src="x" />', ""),
        (
            '<mj-raw>{% if a < b %}</mj-raw><mj-text>{{ c | append: "d" }}</mj-text><mj-raw>{% endif %}</mj-raw>',
            '{% if a < b %}\n\n{{ c | append: "d" }}\n\n{% endif %}',
        ),
        ("<!-- {{ old }} --><mj-text>new</mj-text>", "new"),
        ("<mj-table><tr><td>Total</td><td>5</td></tr></mj-table>", "Total 5"),
    ],
)
def test_says_what_the_mjml_says(column: str, text: str) -> None:
    assert plain_text(document(column)) == text

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.api.rule_texts import RULES
from saleor_lifecycle.api.rule_words import Explained, explain, words
from saleor_lifecycle.api.why import speech
from saleor_lifecycle.domain.comparisons import Op
from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.domain.rule_checks import OPS, faults
from saleor_lifecycle.domain.rule_facts import EVENTS, NAMED, Facts, FactType, spec
from saleor_lifecycle.domain.rules import AllOf, AnyOf, Compare, Happened, Moment, Not, Rule
from saleor_lifecycle.domain.scoring import Band
from tests.domain.test_rules import rules

NOW = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ENGLISH = speech("en", "Europe/Madrid", NOW)
SPANISH = speech("es", "Europe/Madrid", NOW)
LOYAL = Compare("orders", ">=", 2)
SILENT = Moment("last_order_at", "longer_ago_than", 30 * DAY)
WELCOME = Compare("consent.news.email", "=", True)


@pytest.mark.parametrize(
    ("rule", "english", "spanish"),
    [
        (AllOf(()), "everybody", "todas las personas"),
        (AnyOf(()), "nobody", "nadie"),
        (
            AllOf((LOYAL, SILENT)),
            "2 or more orders and last order more than 30 days ago",
            "2 pedidos o más y último pedido hace más de 30 días",
        ),
        (
            AllOf((AnyOf((LOYAL, WELCOME)), AnyOf((SILENT,)), Not(WELCOME))),
            "(2 or more orders or may be written to about “news” by e-mail), last order more than 30 days ago, and "
            "not (may be written to about “news” by e-mail)",
            "(2 pedidos o más o se le puede escribir sobre «news» por correo), último pedido hace más de 30 días y "
            "no (se le puede escribir sobre «news» por correo)",
        ),
        (Compare("orders", "=", 0), "no orders", "sin pedidos"),
        (Compare("orders", ">=", 1), "at least 1 order", "al menos 1 pedido"),
        (Compare("orders", "=", 1), "exactly 1 order", "exactamente 1 pedido"),
        (Compare("orders", "<", 1000), "fewer than 1,000 orders", "menos de 1.000 pedidos"),
        (Compare("orders", "in", (1, 2, 3)), "1, 2, or 3 orders", "1, 2 o 3 pedidos"),
        (Compare("cart.items", "<=", 5), "5 or fewer items in the cart", "5 artículos en el carrito o menos"),
        (Compare("score", ">=", 55.5), "engagement score of at least 55.5", "índice de compromiso de al menos 55,5"),
        (Compare("spent.EUR", ">", 49.9), "total spending of more than €49.90", "gasto total de más de 49,90 €"),
        (
            Compare("last_order.total.USD", "<", 5),
            "last order of less than $5.00",
            "último pedido de menos de 5,00 US$",
        ),
        (Compare("phase", "=", "loss"), "in loss phase", "en fase de pérdida"),
        (
            Compare("phase", "in", ("loss", "sales")),
            "in loss phase or sales phase",
            "en fase de pérdida o fase de venta",
        ),
        (Compare("phase", "!=", "loss"), "not in loss phase", "no en fase de pérdida"),
        (Compare("band", "=", "hot"), "engagement is hot", "compromiso: caliente"),
        (Compare("country", "in", ("ES", "pt")), "country is Spain or Portugal", "país: España o Portugal"),
        (Compare("country", "!=", "XX"), "country is not XX", "país distinto de XX"),
        (Compare("language", "=", "es-MX"), "language is Spanish (Mexico)", "idioma: español (México)"),
        (Compare("language", "=", "x"), "language is x", "idioma: x"),
        (
            Compare("channel", "contains", "web"),
            "channel of the first order contains “web”",
            "canal del primer pedido contiene «web»",
        ),
        (Compare("country", "unknown"), "country is not known", "país: no se conoce"),
        (Compare("tag.vip", "=", True), "tagged “vip”", "con la etiqueta «vip»"),
        (Compare("tag.vip", "!=", True), "not tagged “vip”", "sin la etiqueta «vip»"),
        (Compare("tag.vip", "!=", False), "tagged “vip”", "con la etiqueta «vip»"),
        (
            Compare("consent.news.sms", "=", False),
            "may not be written to about “news” by SMS",
            "no se le puede escribir sobre «news» por SMS",
        ),
        (
            Compare("is_written_to", "=", True),
            "a message sent in this flow: yes",
            "mensaje enviado en este flujo: sí",
        ),
        (Compare("attribute.is_b2b", "=", True), "“is_b2b”: yes", "«is_b2b»: sí"),
        (Compare("attribute.points", ">", 5), "“points” of more than 5", "«points» de más de 5"),
        (Compare("attribute.size", "=", "{M}"), "“size” is “{M}”", "«size»: «{M}»"),
        (
            Compare("attribute.born", "<", "2000-01-31"),
            "“born” before January 31, 2000",
            "«born» antes del 31 de enero de 2000",
        ),
        (
            Compare("last_order_at", ">=", "2026-01-05"),
            "last order on January 5 or after",
            "último pedido el 5 de enero o después",
        ),
        (
            Compare("property.a.b", "contains", "2026-01-05"),
            "“a.b” contains “2026-01-05”",
            "«a.b» contiene «2026-01-05»",
        ),
        (
            Moment("loss_at", "within_next", 7 * DAY),
            "predicted loss less than 7 days from now",
            "pérdida prevista dentro de menos de 7 días",
        ),
        (
            Moment("next_order_at", "further_than", DAY + 12 * HOUR),
            "next expected order more than 1 day and 12 hours from now",
            "próximo pedido esperado dentro de más de 1 día y 12 horas",
        ),
        (
            Moment("cart_changed_at", "within_last", HOUR / 2),
            "last change of the cart less than 30 minutes ago",
            "último cambio del carrito hace menos de 30 minutos",
        ),
        (Happened("order_placed"), "an order at any time", "un pedido en cualquier momento"),
        (Happened("visited", HOUR), "a visit less than 1 hour ago", "una visita hace menos de 1 hora"),
        (Happened("visited", None, True), "a visit since entering the flow", "una visita desde la entrada en el flujo"),
        (
            Happened("message_clicked", 90 * timedelta(seconds=1), True),
            "a click in a message since entering the flow, less than 1 minute and 30 seconds ago",
            "un clic en un mensaje desde la entrada en el flujo, hace menos de 1 minuto y 30 segundos",
        ),
    ],
)
def test_a_rule_is_said_in_both_languages(rule: Rule, english: str, spanish: str) -> None:
    assert words(rule, ENGLISH).replace("\xa0", " ") == english
    assert words(rule, SPANISH).replace("\xa0", " ") == spanish


def test_what_did_not_hold_is_found_in_the_tree() -> None:
    facts = Facts({"orders": 1, "consent.news.email": True})
    rule = AllOf((LOYAL, Not(AnyOf((SILENT, Not(WELCOME))))))
    assert explain(rule, facts, NOW, ENGLISH) == Explained(
        "2 or more orders and not (last order more than 30 days ago or not (may be written to about “news” by e-mail))",
        False,
        (
            Explained("2 or more orders", False),
            Explained(
                "not (last order more than 30 days ago or not (may be written to about “news” by e-mail))",
                True,
                (
                    Explained(
                        "last order more than 30 days ago or not (may be written to about “news” by e-mail)",
                        False,
                        (
                            Explained("last order more than 30 days ago", False),
                            Explained(
                                "not (may be written to about “news” by e-mail)",
                                False,
                                (Explained("may be written to about “news” by e-mail", True),),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )
    assert explain(rule, replace(facts, values={**facts.values, "orders": 2}), NOW, ENGLISH).holds


VALUES: dict[FactType, Any] = {
    FactType.NUMBER: 1,
    FactType.MONEY: 2.5,
    FactType.TEXT: "x",
    FactType.LANGUAGE: "es",
    FactType.FLAG: True,
    FactType.MOMENT: "2026-03-11",
    FactType.DAY: "2026-03-11",
    FactType.ANY: "x",
}
FACTS = (*NAMED, "spent.EUR", "last_order.total.EUR", "tag.vip", "consent.news.post", "attribute.a", "property.a")


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("op", get_args(Op))
@pytest.mark.parametrize("spoken", [ENGLISH, SPANISH])
def test_there_are_words_for_whatever_may_be_asked(fact: str, op: Any, spoken: Any) -> None:
    found = spec(fact)
    assert found is not None
    if op not in OPS[found.type]:
        assert faults(Compare(fact, op))
        return
    value = found.choices[0] if found.choices else VALUES[found.type]
    asked = None if op in ("known", "unknown") else (value, value) if op == "in" else value
    said = words(Compare(fact, op, asked), spoken)
    assert said
    assert "{" not in said
    assert said != words(Compare(fact, op, asked), SPANISH if spoken is ENGLISH else ENGLISH)


@given(rules, st.sampled_from([ENGLISH, SPANISH]))
def test_any_rule_can_be_explained(rule: Rule, spoken: Any) -> None:
    found = explain(rule, Facts(), NOW, spoken)
    assert found.words == words(rule, spoken)


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    english, spanish = RULES["en"], RULES["es"]
    assert english.keys() == spanish.keys()
    for key, text in english.items():
        assert places(text) == places(spanish[key]), key


def test_each_name_and_each_choice_has_a_word() -> None:
    for name in NAMED:
        assert f"fact.{name}" in RULES["en"], name
    assert all(f"event.{event}" in RULES["en"] for event in EVENTS)
    assert all(ENGLISH.knows(f"phase.{phase}") for phase in Phase)
    assert all(ENGLISH.knows(f"band.{band}") for band in Band)


def places(text: Any) -> Any:
    if isinstance(text, str):
        return set(re.findall(r"\{(\w+)\}", text))
    return {form: places(each) for form, each in text.items()}

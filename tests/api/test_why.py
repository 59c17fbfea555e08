import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.api.why import change_words, speech, words
from saleor_lifecycle.api.why_words import WORDS
from saleor_lifecycle.domain.explanation import Next, Trigger, Why
from saleor_lifecycle.domain.phases import Cause, Phase, Reason
from saleor_lifecycle.domain.prediction import RUNG_FIT, RUNG_FIXED, RUNG_MEDIAN, RUNG_SET
from saleor_lifecycle.models import PhaseChange

NOW = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # past midnight in Madrid
DAY = timedelta(days=1)
ORDER = Next(Trigger.ORDER, Phase.RETENTION)
CART = Next(Trigger.CART, Phase.SALES)
INTEREST = Next(Trigger.INTEREST, Phase.SALES)

EDUCATION = Why(
    Phase.EDUCATION, Reason.NO_INTEREST_YET, NOW - 400 * DAY, 0, None, None, 16, None, "", None, None, (ORDER, CART)
)
OPEN_CART = Why(
    Phase.SALES, Reason.OPEN_CART, NOW, 0, None, NOW + 30 * DAY, 37, None, "", None, None,
    (Next(Trigger.TIME, Phase.EDUCATION, NOW + 30 * DAY), ORDER),
)  # fmt: skip
ENGAGED = replace(OPEN_CART, reason=Reason.ENGAGED, cart_open_until=None, score=44)
BUYER = Why(
    Phase.RETENTION, Reason.ORDERED, NOW, 4, NOW - 10 * DAY, None, 60, NOW + 30 * DAY, RUNG_FIXED, 40, None,
    (Next(Trigger.TIME, Phase.LOSS, NOW + 30 * DAY),),
)  # fmt: skip
LOST = replace(
    BUYER,
    phase=Phase.LOSS,
    reason=Reason.SILENT_TOO_LONG,
    last_order_at=NOW - 100 * DAY,
    silence_days=61,
    moves=(ORDER,),
)


def say(why: Why, language: str, zone: str = "Europe/Madrid") -> str:
    return words(why, speech(language, zone, NOW))


@pytest.mark.parametrize(
    ("case", "why", "english", "spanish"),
    [
        (
            "education",
            EDUCATION,
            "In education phase since February 5, 2025: no order, no filled cart and little activity, an "
            "engagement score of 16 of 100. An order leads to retention phase. A filled cart leads to sales "
            "phase.",
            "En fase de educación desde el 5 de febrero de 2025: sin pedidos, sin carrito lleno y con poca "
            "actividad, un índice de compromiso de 16 sobre 100. Un pedido lleva a la fase de retención. Un "
            "carrito lleno lleva a la fase de venta.",
        ),
        (
            "education, and one more activity would do",
            replace(EDUCATION, moves=(ORDER, CART, INTEREST)),
            "In education phase since February 5, 2025: no order, no filled cart and little activity, an "
            "engagement score of 16 of 100. An order leads to retention phase. A filled cart leads to sales "
            "phase. A little more activity leads to sales phase.",
            "En fase de educación desde el 5 de febrero de 2025: sin pedidos, sin carrito lleno y con poca "
            "actividad, un índice de compromiso de 16 sobre 100. Un pedido lleva a la fase de retención. Un "
            "carrito lleno lleva a la fase de venta. Un poco más de actividad lleva a la fase de venta.",
        ),
        (
            "education, not written down yet",
            replace(EDUCATION, since=None),
            "In education phase: no order, no filled cart and little activity, an engagement score of 16 of "
            "100. An order leads to retention phase. A filled cart leads to sales phase.",
            "En fase de educación: sin pedidos, sin carrito lleno y con poca actividad, un índice de compromiso "
            "de 16 sobre 100. Un pedido lleva a la fase de retención. Un carrito lleno lleva a la fase de "
            "venta.",
        ),
        (
            "sales by a cart",
            OPEN_CART,
            "In sales phase since March 12: a filled cart that was not ordered, which counts until April 11. "
            "Without more activity, in education phase from April 11. An order leads to retention phase.",
            "En fase de venta desde el 12 de marzo: un carrito lleno sin pedir, que cuenta hasta el 11 de "
            "abril. Sin más actividad, en fase de educación desde el 11 de abril. Un pedido lleva a la fase de "
            "retención.",
        ),
        (
            "sales by activity",
            ENGAGED,
            "In sales phase since March 12: no order yet, but much activity, an engagement score of 44 of 100. "
            "Without more activity, in education phase from April 11. An order leads to retention phase.",
            "En fase de venta desde el 12 de marzo: sin pedidos todavía, pero con mucha actividad, un índice de "
            "compromiso de 44 sobre 100. Sin más actividad, en fase de educación desde el 11 de abril. Un "
            "pedido lleva a la fase de retención.",
        ),
        (
            "retention, several orders",
            BUYER,
            "In retention phase since March 12: 4 orders, the last on March 2. Customers like this one count as "
            "lost after 40 days without an order, which is what shops assume in general: too little is known of "
            "this one yet. Without an order, in loss phase from April 11.",
            "En fase de retención desde el 12 de marzo: 4 pedidos, el último el 2 de marzo. Quien compra así se "
            "da por perdido tras 40 días sin pedidos, que es lo que se supone en general: de esta tienda se "
            "sabe poco todavía. Sin pedidos, en fase de pérdida desde el 11 de abril.",
        ),
        (
            "retention, one order",
            replace(BUYER, orders=1, silence_days=180),
            "In retention phase since March 12: 1 order, on March 2. Customers like this one count as lost "
            "after 180 days without an order, which is what shops assume in general: too little is known of "
            "this one yet. Without an order, in loss phase from April 11.",
            "En fase de retención desde el 12 de marzo: 1 pedido, el 2 de marzo. Quien compra así se da por "
            "perdido tras 180 días sin pedidos, que es lo que se supone en general: de esta tienda se sabe poco "
            "todavía. Sin pedidos, en fase de pérdida desde el 11 de abril.",
        ),
        (
            "retention by the shop's own fit",
            replace(BUYER, rung=RUNG_FIT, silence_days=61),
            "In retention phase since March 12: 4 orders, the last on March 2. Customers like this one count as "
            "lost after 61 days without an order, by this shop's own figures. Without an order, in loss phase "
            "from April 11.",
            "En fase de retención desde el 12 de marzo: 4 pedidos, el último el 2 de marzo. Quien compra así se "
            "da por perdido tras 61 días sin pedidos, según las cifras de esta tienda. Sin pedidos, en fase de "
            "pérdida desde el 11 de abril.",
        ),
        (
            "retention by the shop's own fit of many",
            replace(BUYER, rung=RUNG_FIT, silence_days=61, buyers=12_400),
            "In retention phase since March 12: 4 orders, the last on March 2. Customers like this one count as "
            "lost after 61 days without an order, by this shop's own figures (12,400 buyers). Without an order, "
            "in loss phase from April 11.",
            "En fase de retención desde el 12 de marzo: 4 pedidos, el último el 2 de marzo. Quien compra así se "
            "da por perdido tras 61 días sin pedidos, según las cifras de esta tienda (12.400 compradores). Sin "
            "pedidos, en fase de pérdida desde el 11 de abril.",
        ),
        (
            "retention by the shop's medians",
            replace(BUYER, rung=RUNG_MEDIAN),
            "In retention phase since March 12: 4 orders, the last on March 2. Customers like this one count as "
            "lost after 40 days without an order, by how long this shop's customers usually take. Without an "
            "order, in loss phase from April 11.",
            "En fase de retención desde el 12 de marzo: 4 pedidos, el último el 2 de marzo. Quien compra así se "
            "da por perdido tras 40 días sin pedidos, según lo que suele tardar la clientela de esta tienda. "
            "Sin pedidos, en fase de pérdida desde el 11 de abril.",
        ),
        (
            "retention by the merchant's word",
            replace(BUYER, rung=RUNG_SET, silence_days=1),
            "In retention phase since March 12: 4 orders, the last on March 2. Customers count as lost after 1 "
            "day without an order, as the shop has set it. Without an order, in loss phase from April 11.",
            "En fase de retención desde el 12 de marzo: 4 pedidos, el último el 2 de marzo. Se da por perdido a "
            "quien pasa 1 día sin pedidos, como ha fijado la tienda. Sin pedidos, en fase de pérdida desde el "
            "11 de abril.",
        ),
        (
            "retention after a return",
            replace(BUYER, orders=0),
            "In retention phase since March 12: an order on March 2, which came back. Customers like this one "
            "count as lost after 40 days without an order, which is what shops assume in general: too little is "
            "known of this one yet. Without an order, in loss phase from April 11.",
            "En fase de retención desde el 12 de marzo: un pedido el 2 de marzo, que fue devuelto. Quien compra "
            "así se da por perdido tras 40 días sin pedidos, que es lo que se supone en general: de esta tienda "
            "se sabe poco todavía. Sin pedidos, en fase de pérdida desde el 11 de abril.",
        ),
        (
            "retention by a rung without words",
            replace(BUYER, rung="new"),
            "In retention phase since March 12: 4 orders, the last on March 2. Without an order, in loss phase "
            "from April 11.",
            "En fase de retención desde el 12 de marzo: 4 pedidos, el último el 2 de marzo. Sin pedidos, en "
            "fase de pérdida desde el 11 de abril.",
        ),
        (
            "loss, several orders",
            LOST,
            "In loss phase since March 12: no order since the last of 4, on December 2, 2025. Customers like "
            "this one count as lost after 61 days without an order, which is what shops assume in general: too "
            "little is known of this one yet. An order leads to retention phase.",
            "En fase de pérdida desde el 12 de marzo: sin pedidos desde el último de 4, el 2 de diciembre de "
            "2025. Quien compra así se da por perdido tras 61 días sin pedidos, que es lo que se supone en "
            "general: de esta tienda se sabe poco todavía. Un pedido lleva a la fase de retención.",
        ),
        (
            "loss, one order",
            replace(LOST, orders=1, silence_days=180),
            "In loss phase since March 12: no order since the only one, on December 2, 2025. Customers like "
            "this one count as lost after 180 days without an order, which is what shops assume in general: too "
            "little is known of this one yet. An order leads to retention phase.",
            "En fase de pérdida desde el 12 de marzo: sin pedidos desde el único, el 2 de diciembre de 2025. "
            "Quien compra así se da por perdido tras 180 días sin pedidos, que es lo que se supone en general: "
            "de esta tienda se sabe poco todavía. Un pedido lleva a la fase de retención.",
        ),
        (
            "loss by the shop's own fit",
            replace(LOST, rung=RUNG_FIT, buyers=1_240),
            "In loss phase since March 12: no order since the last of 4, on December 2, 2025. Customers like "
            "this one count as lost after 61 days without an order, by this shop's own figures (1,240 buyers). "
            "An order leads to retention phase.",
            "En fase de pérdida desde el 12 de marzo: sin pedidos desde el último de 4, el 2 de diciembre de "
            "2025. Quien compra así se da por perdido tras 61 días sin pedidos, según las cifras de esta tienda "
            "(1.240 compradores). Un pedido lleva a la fase de retención.",
        ),
        (
            "loss by the shop's medians",
            replace(LOST, rung=RUNG_MEDIAN),
            "In loss phase since March 12: no order since the last of 4, on December 2, 2025. Customers like "
            "this one count as lost after 61 days without an order, by how long this shop's customers usually "
            "take. An order leads to retention phase.",
            "En fase de pérdida desde el 12 de marzo: sin pedidos desde el último de 4, el 2 de diciembre de "
            "2025. Quien compra así se da por perdido tras 61 días sin pedidos, según lo que suele tardar la "
            "clientela de esta tienda. Un pedido lleva a la fase de retención.",
        ),
        (
            "loss by the merchant's word",
            replace(LOST, rung=RUNG_SET),
            "In loss phase since March 12: no order since the last of 4, on December 2, 2025. Customers count "
            "as lost after 61 days without an order, as the shop has set it. An order leads to retention phase.",
            "En fase de pérdida desde el 12 de marzo: sin pedidos desde el último de 4, el 2 de diciembre de "
            "2025. Se da por perdido a quien pasa 61 días sin pedidos, como ha fijado la tienda. Un pedido "
            "lleva a la fase de retención.",
        ),
        (
            "loss after a return",
            replace(LOST, orders=0),
            "In loss phase since March 12: no order since December 2, 2025, and that one came back. Customers "
            "like this one count as lost after 61 days without an order, which is what shops assume in general: "
            "too little is known of this one yet. An order leads to retention phase.",
            "En fase de pérdida desde el 12 de marzo: sin pedidos desde el 2 de diciembre de 2025, y aquel fue "
            "devuelto. Quien compra así se da por perdido tras 61 días sin pedidos, que es lo que se supone en "
            "general: de esta tienda se sabe poco todavía. Un pedido lleva a la fase de retención.",
        ),
    ],
)
def test_says_why_somebody_is_where_they_are(case: str, why: Why, english: str, spanish: str) -> None:
    assert say(why, "en") == english
    assert say(why, "es") == spanish


def change(before: str, cause: Cause, reason: Reason) -> PhaseChange:
    return PhaseChange(before=before, after="retention", cause=cause.value, reason=reason.value, at=NOW)


@pytest.mark.parametrize(
    ("before", "cause", "english", "spanish"),
    [
        (
            "", Cause.IMPORT,
            "March 12: first seen, in retention phase, by an import (an order).",
            "12 de marzo: aparece por primera vez, en fase de retención, por una importación (un pedido).",
        ),
        (
            "sales", Cause.BEHAVIOUR,
            "March 12: from sales phase to retention phase, by what the customer did (an order).",
            "12 de marzo: de la fase de venta a la fase de retención, por lo que hizo (un pedido).",
        ),
        (
            "loss", Cause.REFIT,
            "March 12: from loss phase to retention phase, by a new forecast (an order).",
            "12 de marzo: de la fase de pérdida a la fase de retención, por un nuevo pronóstico (un pedido).",
        ),
        (
            "loss", Cause.POLICY,
            "March 12: from loss phase to retention phase, by new rules of the score (an order).",
            "12 de marzo: de la fase de pérdida a la fase de retención, por nuevas reglas del índice (un pedido).",
        ),
    ],
)  # fmt: skip
def test_says_what_moved_somebody(before: str, cause: Cause, english: str, spanish: str) -> None:
    moved = change(before, cause, Reason.ORDERED)
    assert change_words(moved, speech("en", "Europe/Madrid", NOW)) == english
    assert change_words(moved, speech("es", "Europe/Madrid", NOW)) == spanish


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_code_is_shown_and_no_place_left_empty(language: str) -> None:
    spoken = speech(language, "UTC", NOW)
    rungs = (RUNG_FIT, RUNG_MEDIAN, RUNG_FIXED, RUNG_SET)
    said = [
        words(replace(why, rung=rung, silence_days=days, buyers=buyers, orders=orders), spoken)
        for why in (EDUCATION, OPEN_CART, ENGAGED, BUYER, LOST)
        for rung, days, buyers, orders in itertools.product(rungs, (0, 1, 1_000_000), (None, 1), (0, 1, 2, 1_000_000))
    ]
    said += [
        change_words(change(before, cause, reason), spoken)
        for before, cause, reason in itertools.product(("", *Phase), Cause, Reason)
    ]
    codes = "|".join([*rungs, *(reason for reason in Reason if "_" in reason)])
    for sentence in said:
        assert not re.search(rf"[{{}}_]|–|  |None|{codes}", sentence)


def test_both_languages_say_the_same_things() -> None:
    english, spanish = WORDS["en"], WORDS["es"]
    assert list(english) == list(spanish)
    for key, text in english.items():
        places = [set(re.findall(r"{(\w+)}", str(said))) for said in (text, spanish[key])]
        assert places[0] == places[1], key


@pytest.mark.parametrize(
    ("language", "last"),
    [
        ("en", "March 2"),
        ("en-GB", "2 March"),
        ("es-MX", "2 de marzo"),
        ("es_ES", "2 de marzo"),
        ("fr", "March 2"),
        ("", "March 2"),
        ("en-nowhere", "March 2"),
    ],
)
def test_dates_are_written_as_the_language_does(language: str, last: str) -> None:
    assert f" {last}." in say(replace(BUYER, moves=(), rung=""), language)


def test_days_are_those_of_the_shop() -> None:
    assert say(OPEN_CART, "en", "UTC").startswith("In sales phase since March 11:")
    assert say(OPEN_CART, "en", "Asia/Tokyo").startswith("In sales phase since March 12:")

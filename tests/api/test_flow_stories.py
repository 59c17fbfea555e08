import re
import string
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

import pytest

from saleor_lifecycle.actions.why import Kind, Line, Story
from saleor_lifecycle.api.decision_words import DECISIONS
from saleor_lifecycle.api.flow_stories import finding_words, line_words, passage_words
from saleor_lifecycle.api.obstacle_words import OBSTACLES
from saleor_lifecycle.api.why import speech
from saleor_lifecycle.domain.cart_flow import cart_document
from saleor_lifecycle.domain.entries import Refusal
from saleor_lifecycle.domain.flow_steps import Step
from saleor_lifecycle.domain.flow_triggers import Trigger
from saleor_lifecycle.domain.flows import ExitReason
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.incentives import NoCode
from saleor_lifecycle.domain.obstacles import Finding, Obstacle
from saleor_lifecycle.domain.rules import Compare, Not
from saleor_lifecycle.domain.sending import RESTORED, DeferReason, SkipReason
from saleor_lifecycle.models import Enrollment
from saleor_lifecycle.models.flow_documents import read_program

NOW = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # past midnight in Madrid
HOUR = timedelta(hours=1)
DOCUMENT = read_program(cart_document(HOUR, [HOUR])).document
LANGUAGES = ["en", "es"]
SPOKEN = {language: speech(language, "Europe/Madrid", NOW) for language in LANGUAGES}


def kinds(types: Any) -> list[str]:
    """Return the kinds by which the documents of these types are told apart."""
    return [kind for one in get_args(types) for kind in get_args(get_type_hints(one)["kind"])]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("refusal", [*Refusal, *NoCode, "no_such_flow"]),
        ("exit", [*ExitReason, "step"]),
        ("skip", [*SkipReason, RESTORED]),
        ("defer", list(DeferReason)),
        ("entered", kinds(Trigger)),
        ("passed", [*kinds(Step), "other"]),
        ("obstacle", list(Obstacle)),
        ("passage", Enrollment.State.values),
        ("arm", [arm for arm in Arm if arm.is_held_out]),
        ("without", [*(arm for arm in Arm if arm.is_held_out), "shadow"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_code_has_words(language: str, part: str, codes: list[str]) -> None:
    assert len(codes) > 1
    assert [code for code in codes if not SPOKEN[language].knows(f"{part}.{code}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_decision_is_a_sentence(language: str, kind: Kind) -> None:
    said = line_words(Line(NOW, kind, "a merchant's", "a-step", "send"), DOCUMENT, SPOKEN[language])
    assert re.fullmatch(r"[A-Z“«].*\.", said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("obstacle", list(Obstacle))
def test_every_obstacle_is_a_sentence(language: str, obstacle: Obstacle) -> None:
    data = {"phase": "loss", "cause": "import", "unmet": (Compare("orders", ">=", 2),)}
    reason = "loss" if obstacle.startswith("phase") else "ordered"
    for finding in (
        Finding(obstacle, reason, NOW, NOW + HOUR, "touch-1", data),
        Finding(obstacle, reason, data=data),
    ):
        said = finding_words(finding, SPOKEN[language])
        assert re.match(r"[A-ZÚ¿“«]", said)
        assert said.endswith(".")
        assert "{" not in said


def test_both_languages_say_the_same_with_the_same_values() -> None:
    for texts in (DECISIONS, OBSTACLES):
        assert texts["en"].keys() == texts["es"].keys()
        for key, english in texts["en"].items():
            assert _values(english) == _values(texts["es"][key]), key


def _values(text: object) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}


@pytest.mark.parametrize(
    ("line", "english", "spanish"),
    [
        (
            Line(NOW, Kind.ENTERED, "treated"),
            "Entered: a filled cart was left alone.",
            "Entró: dejó sin tocar un carrito lleno.",
        ),
        (
            Line(NOW, Kind.ENTERED, "holdout"),
            "Entered: a filled cart was left alone. Held out of this flow so that what it brings can be measured: "
            "nothing is sent.",
            "Entró: dejó sin tocar un carrito lleno. En el grupo de control de este flujo, para poder medir lo que "
            "aporta: no se le envía nada.",
        ),
        (
            Line(NOW, Kind.ENTERED, "treated", data={"shadow": True}),
            "Entered: a filled cart was left alone. A dry run: everything is decided and nothing is sent.",
            "Entró: dejó sin tocar un carrito lleno. Un ensayo sin envíos: se decide todo y no se envía nada.",
        ),
        (
            Line(NOW, Kind.PASSED, "case 2", "which", "branch"),
            "Took way 2 of the branch: its condition held.",
            "Tomó el camino 2 de la bifurcación: se cumplía su condición.",
        ),
        (
            Line(NOW, Kind.PASSED, "share 1", "half", "split"),
            "Fell into part 1 of the split.",
            "Le tocó la parte 1 del reparto.",
        ),
        (
            Line(NOW, Kind.PASSED, "holdout", "touch-1", "send"),
            "But for the holdout, the step “touch-1” would have been carried out now.",
            "De no estar en el grupo de control, el paso «touch-1» se habría hecho ahora.",
        ),
        (
            Line(NOW, Kind.PASSED, "", "gone", ""),
            "Passed the step “gone”.",
            "Pasó el paso «gone».",
        ),
        (
            Line(NOW, Kind.DEFERRED, "quiet_hours", "touch-1", "send", {"until": "2026-03-12T09:00:00+00:00"}, True),
            "The message “touch-1” was put off until March 12, 10:00\u202fAM: it is within quiet hours where they are.",
            "El mensaje «touch-1» se aplazó hasta el 12 de marzo, 10:00: son horas de silencio donde vive.",
        ),
        (
            Line(NOW, Kind.SKIPPED, "no_consent", "touch-1", "send", is_message=True),
            "The message “touch-1” was not sent: there is no consent to such messages.",
            "El mensaje «touch-1» no se envió: no hay consentimiento para estos mensajes.",
        ),
        (
            Line(NOW, Kind.EXITED, "bought at the fair"),
            "Left the flow: “bought at the fair”.",
            "Salió del flujo: «bought at the fair».",
        ),
    ],
    ids=lambda value: f"{value.kind} {value.outcome}" if isinstance(value, Line) else "",
)
def test_a_decision_in_words(line: Line, english: str, spanish: str) -> None:
    assert line_words(line, DOCUMENT, SPOKEN["en"]) == english
    assert line_words(line, DOCUMENT, SPOKEN["es"]) == spanish


WAITING = Enrollment(state="waiting", step="wait-touch-1", entered_at=NOW, due_at=NOW + HOUR)


@pytest.mark.parametrize(
    ("row", "english"),
    [
        (
            WAITING,
            "In it since March 12, 12:30\u202fAM; stands at “wait-touch-1”, until March 12, 1:30\u202fAM at the "
            "latest.",
        ),
        (
            Enrollment(state="waiting", step="wait", entered_at=NOW),
            "In it since March 12, 12:30\u202fAM; stands at “wait”.",
        ),
        (
            Enrollment(state="waiting", step="", entered_at=NOW, due_at=NOW),
            "In it since March 12, 12:30\u202fAM; every step is done.",
        ),
        (
            Enrollment(state="exited", reason="ordered", entered_at=NOW, ended_at=NOW + HOUR),
            "In it from March 12, 12:30\u202fAM to March 12, 1:30\u202fAM, when they left: an order was placed.",
        ),
    ],
    ids=["waiting", "waiting for something to happen", "behind every step", "left"],
)
def test_a_passage_in_words(row: Enrollment, english: str) -> None:
    assert passage_words(Story(row, DOCUMENT, "wait", ()), SPOKEN["en"]) == english


TWO, NONE = Compare("orders", ">=", 2), Compare("orders", "=", 0)
TOO_SOON = Finding(Obstacle.TOO_SOON, at=NOW, until=NOW + 24 * HOUR)


@pytest.mark.parametrize(
    ("finding", "english"),
    [
        (TOO_SOON, "They were in it on March 12, 12:30\u202fAM and may enter again from March 13, 12:30\u202fAM on."),
        (
            Finding(Obstacle.ENTRY_FILTER, data={"unmet": (TWO, Not(NONE))}),
            "The entry filter does not let them in. It asks for 2 or more orders; not (no orders).",
        ),
        (
            Finding(Obstacle.HELD_OUT, at=NOW, step="touch-1"),
            "They are held out of this flow so that what it brings can be measured. Otherwise “touch-1” would have "
            "been queued on March 12, 12:30\u202fAM.",
        ),
        (
            Finding(Obstacle.HELD_OUT),
            "They are held out of this flow so that what it brings can be measured.",
        ),
        (
            Finding(Obstacle.MESSAGE_WAITS, "quiet_hours", until=NOW + HOUR, step="touch-1", data={"alone": True}),
            "The message “touch-1” waits until March 12, 1:30\u202fAM: it is within quiet hours where they are. "
            "Nothing else that is known here stands in its way.",
        ),
        (
            Finding(Obstacle.PHASE_OTHER, "loss", data={"phase": "sales"}),
            "They would have to come into loss phase; they are in sales phase.",
        ),
        (
            Finding(Obstacle.EVENT_MISSING, "order_placed"),
            "It has not happened: an order. When it does, it lets them in.",
        ),
        (Finding(Obstacle.DATE_UNKNOWN, "attribute.birthday"), "The date is not known of them: “birthday”."),
        (Finding(Obstacle.SCHEDULED), "The flow runs at set times, and none is set now."),
        (
            Finding(Obstacle.WAITS, at=NOW, step="wait"),
            "They stand at “wait” since March 12, 12:30\u202fAM, until something happens.",
        ),
    ],
    ids=lambda value: value.obstacle if isinstance(value, Finding) else "",
)
def test_what_stands_in_the_way_in_words(finding: Finding, english: str) -> None:
    assert finding_words(finding, SPOKEN["en"]) == english

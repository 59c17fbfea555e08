"""Whatever happens to somebody in whatever flow, and whenever anybody looks."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.flow_programs import END, Program
from saleor_lifecycle.domain.flow_steps import Send
from saleor_lifecycle.domain.flows import Decision, Exit, Finish, FlowFacts, Go, LastMessage, Passage, Stay, decide
from saleor_lifecycle.domain.rule_facts import Facts
from saleor_lifecycle.models.flow_documents import read_program
from tests.domain.flow_drawing import EVENTS, documents

ENTERED = datetime(2026, 3, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LAST = ENTERED + timedelta(days=400)
moments = st.integers(-100, 400).map(lambda quarters: ENTERED + quarters * HOUR / 4)
known = st.dictionaries(st.sampled_from(EVENTS), moments.filter(lambda at: at <= ENTERED))


@dataclass
class Enrollment:
    """What a database would hold of one; nothing of a look that died on the way."""

    program: Program
    facts: FlowFacts
    passage: Passage = field(init=False)
    due_at: datetime | None = ENTERED
    passed: list[tuple[str, str]] = field(default_factory=list)
    over: Decision | None = None

    def __post_init__(self) -> None:
        self.passage = Passage(ENTERED, self.program.first, ENTERED)

    def look(self, now: datetime, dies: bool = False) -> None:
        """Go as far as it goes; one that dies leaves all as it was."""
        if self.over is not None:
            return
        passage, facts, passed = self.passage, self.facts, list(self.passed)
        while isinstance(decision := decide(self.program, passage, facts, now), Go):
            passed.append((decision.step.key, decision.outcome))
            passage = Passage(ENTERED, decision.to, now)
            if isinstance(decision.step, Send):
                facts = replace(facts, last_message=LastMessage(now))
        if dies:
            return
        self.passage, self.facts, self.passed = passage, facts, passed
        if isinstance(decision, Stay):
            assert decision.until is not None
            assert decision.until > now
            self.due_at = decision.until
        else:
            self.over, self.due_at = decision, None

    def live(self) -> None:
        """Look whenever it is due, until it is over."""
        while self.due_at is not None:
            assert self.due_at < LAST
            self.look(self.due_at)


def entered(document: dict[str, Any], events: dict[str, datetime]) -> Enrollment:
    return Enrollment(read_program(document), FlowFacts(ENTERED, customer=Facts(events=events, entered_at=ENTERED)))


@given(documents(), known, st.lists(st.tuples(moments, st.booleans()), max_size=20))
def test_looking_more_often_or_dying_on_the_way_changes_nothing(
    document: dict[str, Any], events: dict[str, datetime], looks: list[tuple[datetime, bool]]
) -> None:
    calm, restless = entered(document, events), entered(document, events)
    calm.live()
    for now, dies in sorted(looks):
        while restless.due_at is not None and restless.due_at <= now:
            restless.look(restless.due_at, dies=True)
            restless.look(restless.due_at)
        if now >= ENTERED:
            restless.look(now, dies)
    restless.live()
    assert restless.passed == calm.passed
    assert (restless.over, restless.passage) == (calm.over, calm.passage)


@given(documents(may_end=False), known, st.lists(moments, max_size=20))
def test_looking_late_leads_the_same_way(
    document: dict[str, Any], events: dict[str, datetime], looks: list[datetime]
) -> None:
    calm, late = entered(document, events), entered(document, events)
    calm.live()
    for now in sorted(looks):
        if late.due_at is not None and late.due_at <= now:
            late.look(now)
    while late.due_at is not None:
        late.look(late.due_at + 5 * HOUR)
    assert late.passed == calm.passed
    assert late.over == calm.over


HAPPENINGS = ("event", "ordered", "gone", "unsubscribed", "sent later", "look", "dies")


@given(documents(), st.lists(st.tuples(moments, st.sampled_from(HAPPENINGS), st.sampled_from(EVENTS)), max_size=25))
def test_whatever_happens_each_step_is_decided_once_and_it_comes_to_one_end(
    document: dict[str, Any], history: list[tuple[datetime, str, str]]
) -> None:
    one = entered(document, {})
    for now, what, event in sorted((at, what, event) for at, what, event in history if at >= ENTERED):
        facts = one.facts
        match what:
            case "event":
                customer = replace(facts.customer, events={**facts.customer.events, event: now})
                one.facts = replace(facts, customer=customer)
            case "ordered":
                one.facts = replace(facts, last_placed_at=now)
            case "gone":
                one.facts = replace(facts, is_gone=True)
            case "unsubscribed":
                one.facts = replace(facts, is_unsubscribed=True)
            case "sent later" if facts.last_message is not None:
                one.facts = replace(facts, last_message=LastMessage(None, now + 30 * HOUR))
        before = list(one.passed)
        one.look(now, dies=what == "dies")
        assert one.passed[: len(before)] == before, "what was decided stays"
        if what == "dies":
            assert one.passed == before
    one.live()
    keys = [key for key, _ in one.passed]
    assert len(keys) == len(set(keys))
    assert isinstance(one.over, Exit | Finish)
    if isinstance(one.over, Finish) and not one.over.reason:
        assert one.passage.step == END


@given(documents(), known)
def test_paused_it_stays_where_it_was(document: dict[str, Any], events: dict[str, datetime]) -> None:
    """A pause of a flow is a time in which nobody looks: after it nothing is lost and nothing comes twice."""
    calm = entered(document, events)
    calm.live()
    for pause in range(len(calm.passed)):
        paused = entered(document, events)
        while paused.due_at is not None and len(paused.passed) < pause:
            paused.look(paused.due_at)
        if paused.due_at is not None:
            paused.look(paused.due_at + 90 * HOUR)
        paused.live()
        keys = [key for key, _ in paused.passed]
        assert len(keys) == len(set(keys))
        assert paused.over is not None

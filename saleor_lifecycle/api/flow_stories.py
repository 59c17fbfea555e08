"""What became of a customer in a flow, and why it has not, in words; here and nowhere else."""

from collections.abc import Mapping

from saleor_lifecycle.actions.why import Kind, Line, Story
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flow_triggers import DateTrigger, EventTrigger, PhaseTrigger
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.incentives import NoCode
from saleor_lifecycle.domain.obstacles import Finding, Obstacle
from saleor_lifecycle.models import Enrollment

from . import rule_words
from .why import Speech


def line_words(line: Line, document: FlowDocument, speech: Speech) -> str:
    """Return one decision in a sentence or a few."""
    match line.kind:
        case Kind.ENTERED:
            return " ".join([_entered(document, speech), *_silence(line, speech)])
        case Kind.PASSED:
            return _passed(line, speech)
        case Kind.REFUSED if line.step:
            said = "refused.code" if line.outcome in tuple(NoCode) else "refused.step"
            return speech.say(said, step=line.step, reason=_code("refusal", line.outcome, speech))
        case Kind.REFUSED:
            return refusal_words(line, speech)
        case Kind.SENT:
            return speech.say("sent", step=line.step)
        case Kind.DEFERRED:
            key = "deferred.until" if line.until else "deferred"
            reason = _code("defer", line.outcome, speech)
            return speech.say(key, step=line.step, until=speech.moment(line.until), reason=reason)
        case Kind.SKIPPED:
            return speech.say("skipped", step=line.step, reason=_code("skip", line.outcome, speech))
        case Kind.MOVED:
            number = (line.data or {}).get("to")
            return speech.say("moved.number" if number else "moved", number=str(number))
        case Kind.FINISHED:
            return speech.say("finished")
        case Kind.EXITED:
            return speech.say("exited", reason=_code("exit", line.outcome, speech))
        case Kind.FAILED:
            return speech.say("failed.message" if line.is_message else "failed", step=line.step)


def refusal_words(line: Line, speech: Speech) -> str:
    """Return why somebody was not let in, in a sentence."""
    return speech.say("refused", reason=_code("refusal", line.outcome, speech))


def passage_words(story: Story, speech: Speech) -> str:
    """Return where a passage stands, or how it ended, in a sentence."""
    row = story.enrollment
    key = f"passage.{row.state}"
    if row.state == Enrollment.State.WAITING:
        key += ".end" if not row.step else ".until" if row.due_at else ""
    return speech.say(
        key,
        at=speech.moment(row.entered_at),
        until=speech.moment(row.due_at or row.ended_at),
        step=row.step,
        reason=_code("exit", row.reason, speech),
    )


def finding_words(finding: Finding, speech: Speech) -> str:
    """Return one thing that stands in the way in a sentence or two."""
    return speech.say(
        _finding_key(finding, speech),
        at=speech.moment(finding.at),
        until=speech.moment(finding.until),
        step=finding.step,
        reason=_reason(finding, speech),
        phase=speech.phase(finding.data["phase"]) if "phase" in finding.data else "",
        cause=speech.say(f"cause.{finding.data['cause']}") if "cause" in finding.data else "",
        unmet="; ".join(rule_words.words(each, speech) for each in finding.data.get("unmet", ())),
    )


def _entered(document: FlowDocument, speech: Speech) -> str:
    trigger = document.trigger
    return speech.say(
        f"entered.{trigger.kind}",
        event=_code("event", trigger.event, speech) if isinstance(trigger, EventTrigger) else "",
        phase=speech.phase(trigger.phase) if isinstance(trigger, PhaseTrigger) else "",
        date=_fact(trigger.date, speech) if isinstance(trigger, DateTrigger) else "",
    )


def _silence(line: Line, speech: Speech) -> list[str]:
    """Return that nothing comes of a passage, and why; an empty list where all does."""
    if line.outcome in (Arm.HOLDOUT, Arm.EVERYWHERE):
        return [speech.say(f"arm.{line.outcome}")]
    return [speech.say("in_shadow")] if (line.data or {}).get("shadow") else []


def _passed(line: Line, speech: Speech) -> str:
    way, _, number = line.outcome.partition(" ")
    tried = (f"without.{way}", f"passed.{line.step_kind}.{way}", f"passed.{line.step_kind}")
    key = next((key for key in tried if speech.knows(key)), "passed.other")
    return speech.say(key, step=line.step, number=number)


def _finding_key(finding: Finding, speech: Speech) -> str:
    key = f"obstacle.{finding.obstacle}"
    if finding.obstacle is Obstacle.SCHEDULED and finding.until is None:
        return f"{key}.never"
    if finding.data.get("alone"):
        return f"{key}.alone"
    known = (("until", finding.until), ("at", finding.at))
    return next((f"{key}.{name}" for name, at in known if at and speech.knows(f"{key}.{name}")), key)


def _reason(finding: Finding, speech: Speech) -> str:
    match finding.obstacle:
        case Obstacle.PHASE_OTHER | Obstacle.PHASE_STILL | Obstacle.PHASE_NEVER | Obstacle.PHASE_CAUSE:
            return speech.phase(finding.reason)
        case Obstacle.DATE_COMING | Obstacle.DATE_UNKNOWN | Obstacle.DATE_OVER:
            return _fact(finding.reason, speech)
        case obstacle:
            return _code(_PARTS[obstacle], finding.reason, speech) if obstacle in _PARTS else ""


_PARTS: Mapping[Obstacle, str] = {
    Obstacle.EVENT_MISSING: "event",
    Obstacle.EVENT_UNLIKE: "event",
    Obstacle.CALLED: "called",
    Obstacle.LEFT: "exit",
    Obstacle.MESSAGE_WAITS: "defer",
    Obstacle.MESSAGE_SKIPPED: "skip",
    Obstacle.WOULD_WAIT: "defer",
    Obstacle.WOULD_BE_SKIPPED: "skip",
}


def _fact(name: str, speech: Speech) -> str:
    return _code("fact", name.removeprefix("attribute."), speech)


def _code(part: str, code: str, speech: Speech) -> str:
    """Return the words for a code; a merchant's own as it stands."""
    key = f"{part}.{code}"
    return speech.say(key) if speech.knows(key) else speech.say("rule.quoted", text=code)

"""What is wrong with one step of a flow beyond what its type says: by path, in words for the merchant."""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from .contents import MOST_PRODUCTS
from .flow_steps import (
    Branch,
    CallWebhook,
    Leave,
    NotifyStaff,
    Offer,
    Send,
    SetAttribute,
    Split,
    StartFlow,
    Step,
    TagStep,
    Wait,
    WaitFor,
    WaitForTime,
)
from .incentives import MOST_PERCENT, Incentive

CHANNELS = ("email", "on_site", "sms", "webhook")
LONGEST = timedelta(days=400)
LONGEST_TEXT = 1000
LONGEST_NAME = 100
MOST_WEIGHT = 1000
MOST_CASES = 20
_CODE = re.compile(r"[a-z0-9_.-]{1,60}")
_CARRIED = ("products", "because", "voucher", "channel")

Found: TypeAlias = tuple[str, str]


def of_step(path: str, step: Step, flow: str) -> Iterator[Found]:
    """Yield what is wrong with a step of the flow of that key; its own key and its rules are looked at elsewhere."""
    match step:
        case Wait(duration=duration, apart=apart):
            yield from of_duration(f"{path}.duration", duration)
            if apart:
                yield from of_duration(f"{path}.apart", apart)
        case WaitForTime(weekdays=weekdays):
            yield from of_weekdays(f"{path}.weekdays", weekdays)
        case WaitFor(at_most=at_most):
            yield from of_duration(f"{path}.at_most", at_most)
        case Branch(cases=cases) if not 1 <= len(cases) <= MOST_CASES:
            yield f"{path}.cases", f"a branch has 1 to {MOST_CASES} cases"
        case Split():
            yield from _of_split(path, step)
        case Send():
            yield from _of_send(path, step)
        case Offer():
            yield from _of_offer(f"{path}.carries", step)
            if step.incentive is not None:
                yield from of_incentive(f"{path}.incentive", step.incentive)
        case SetAttribute(attribute=attribute, value=value):
            yield from _of_text(f"{path}.attribute", attribute, LONGEST_NAME)
            if isinstance(value, str):
                yield from _of_text(f"{path}.value", value, LONGEST_TEXT)
            elif isinstance(value, float) and not math.isfinite(value):
                yield f"{path}.value", "has to be finite"
        case TagStep(tag=tag):
            yield from _of_text(f"{path}.tag", tag, LONGEST_NAME)
        case CallWebhook(event=event):
            yield from of_code(f"{path}.event", event)
        case StartFlow(flow=started) if started == flow:
            yield f"{path}.flow", "a flow cannot start itself"
        case NotifyStaff(text=text):
            yield from _of_text(f"{path}.text", text, LONGEST_TEXT)
        case Leave(reason=reason):
            yield from of_code(f"{path}.reason", reason)


def of_duration(path: str, duration: timedelta) -> Iterator[Found]:
    """Yield what is wrong with how long something takes."""
    if not timedelta() < duration <= LONGEST or duration.microseconds:
        yield path, f"give whole seconds, more than 0 and at most {LONGEST.days} days, such as PT30M or P2D"


def of_weekdays(path: str, weekdays: Sequence[int]) -> Iterator[Found]:
    """Yield those that are none, and those that come twice."""
    for number, day in enumerate(weekdays):
        if not 1 <= day <= 7 or day in weekdays[:number]:
            yield f"{path}[{number}]", "give each weekday once, Monday is 1 and Sunday 7"


def of_code(path: str, code: str) -> Iterator[Found]:
    """Yield what is wrong with a name that programs read."""
    if not _CODE.fullmatch(code):
        yield path, "use 1 to 60 small letters, digits, points, hyphens and underscores"


def _of_split(path: str, step: Split) -> Iterator[Found]:
    if not 2 <= len(step.shares) <= MOST_CASES:
        yield f"{path}.shares", f"a split has 2 to {MOST_CASES} shares"
    for number, share in enumerate(step.shares):
        if share.weight <= 0:
            yield f"{path}.shares[{number}].weight", "has to be more than 0"
    if sum(share.weight for share in step.shares) > MOST_WEIGHT:
        yield f"{path}.shares", f"all weights together are {MOST_WEIGHT} at most"


def _of_send(path: str, step: Send) -> Iterator[Found]:
    if not step.channels:
        yield f"{path}.channels", "name one channel at least"
    for number, channel in enumerate(step.channels):
        if channel not in CHANNELS:
            yield f"{path}.channels[{number}]", f"is not one of {', '.join(CHANNELS)}"
        elif channel in step.channels[:number]:
            yield f"{path}.channels[{number}]", "is named already"
    if step.useful_for is not None:
        yield from of_duration(f"{path}.useful_for", step.useful_for)


def _of_offer(path: str, step: Offer) -> Iterator[Found]:
    """Yield what domain.contents.read_carried would not understand."""
    carries = step.carries
    for name in sorted(set(carries) - set(_CARRIED)):
        yield f"{path}.{name}", "is not known here"
    if not carries.get("products") and not carries.get("voucher") and not step.is_personal:
        yield path, "needs products or a voucher"
    products = carries.get("products", ())
    if not isinstance(products, list | tuple) or not all(_is_text(one) for one in products):
        yield f"{path}.products", "has to be a list of Saleor's ids"
    elif len(products) > MOST_PRODUCTS:
        yield f"{path}.products", f"give {MOST_PRODUCTS} at most"
    yield from _of_object(f"{path}.because", carries.get("because"), ("kind", "product"))
    yield from _of_object(f"{path}.voucher", carries.get("voucher"), ("id", "code"))
    if not _is_text(carries.get("channel", "any")):
        yield f"{path}.channel", "has to be a channel's slug"


def of_incentive(path: str, incentive: Incentive) -> Iterator[Found]:
    """Yield what is wrong with a code's terms."""
    if not 0 <= incentive.percent <= MOST_PERCENT:
        yield f"{path}.percent", f"give 0 for free delivery, or 1 to {MOST_PERCENT}"
    yield from of_duration(f"{path}.lasts", incentive.lasts)
    if incentive.again_after:
        yield from of_duration(f"{path}.again_after", incentive.again_after)


def _of_object(path: str, held: object, names: Collection[str]) -> Iterator[Found]:
    if held is None:
        return
    if not isinstance(held, Mapping) or not all(_is_text(value) for value in held.values()):
        yield path, f"has to be an object with {', '.join(names)}"
        return
    for name in sorted(set(held) - set(names)):
        yield f"{path}.{name}", "is not known here"
    first = next(iter(names))
    if first not in held:
        yield f"{path}.{first}", "is missing"


def _of_text(path: str, text: str, longest: int) -> Iterator[Found]:
    if not 1 <= len(text) <= longest or not text.isprintable():
        yield path, f"has to be a text of 1 to {longest} characters"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME * 2

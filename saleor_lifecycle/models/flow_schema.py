"""The JSON Schema of flow documents, with a word on every field for whoever writes one by hand."""

from collections.abc import Mapping
from typing import Any

from .flow_documents import FLOWS

_KEY = "The step's own name within the flow: 1 to 60 small letters, digits and hyphens, never the same twice."
_KIND = "What it is."
_WHERE = "A rule about the customer; without one everybody."
_WEEKDAYS = "On these days of the week only, Monday is 1 and Sunday 7; none: every day."
_THEN = "The steps that follow; behind them it goes on after this step."
_STEP = {"key": _KEY, "kind": _KIND}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "FlowDocument": {
        "schema_version": "The version of this format.",
        "topic": "The kind of message, by its key: people may want it or not.",
        "trigger": "What starts it.",
        "steps": "What is done, one after the other: 1 to 200 steps.",
        "entry": "Who gets in, and how often.",
        "exits": "Rules by which people leave at once, wherever they stand.",
        "exits_on_order": "Whoever places an order, paid or not, leaves.",
        "ends": "So long after it began nothing of it is useful any more, and who is still inside leaves.",
        "goal": "What the flow is for.",
        "holdout": "The share of people, 0 to 0.5, who enter and are not written to, so that its effect is known.",
        "is_asked_for": "People asked for it (a confirmation, a promised code): nobody is held out.",
        "priority": "0 to 100: of two messages that want one customer, the greater goes first.",
    },
    "CartIdle": {"kind": _KIND, "idle": "So long a filled cart was neither changed nor ordered."},
    "EventTrigger": {
        "kind": _KIND,
        "event": "The name of what happened, such as order_placed.",
        "where": "A rule about the event's properties and the customer.",
    },
    "PhaseTrigger": {
        "kind": _KIND,
        "phase": "The lifecycle phase that was entered or left.",
        "causes": "Why it changed; only behaviour and time by default.",
    },
    "DateTrigger": {
        "kind": _KIND,
        "date": "loss_at, next_order_at, or attribute.<name> of a date.",
        "offset": "So long after the date; below zero, such as -P7D, before it.",
        "at": "The time of the shop's day; without one the date's own moment.",
        "is_yearly": "Each year on that day, as for birthdays.",
    },
    "ScheduleTrigger": {
        "kind": _KIND,
        "at": "The time of the shop's day.",
        "weekdays": _WEEKDAYS,
        "days_of_month": "On these days of the month only, 1 to 31; none: every day.",
    },
    "CalledTrigger": {"kind": "Who lets people in: staff, the API, another system by the flow's address, or a flow."},
    "Entry": {
        "where": _WHERE,
        "per": "Once for each occasion (a cart, an order, a date), or not while the customer is in it.",
        "again_after": "Per customer: so long after they last entered they may again; without it never.",
        "existing_per_hour": "How many of the customers who are there already are let in within an hour.",
        "takes_existing": "Switched on, it lets in those, too, who stood there already, at that pace.",
    },
    "ExitRule": {"reason": "A code for why they left, shown in results.", "when": "The rule by which they leave."},
    "Goal": {"event": "The event that counts.", "within": "So long after they entered."},
    "Wait": _STEP
    | {
        "duration": "How long.",
        "since": "From the step before, or from the flow's anchor: what started it.",
        "apart": "From the anchor: at least so long after the message before, whatever held that one up.",
    },
    "WaitForTime": _STEP
    | {
        "at": "The time of the customer's day.",
        "weekdays": _WEEKDAYS,
        "usual": "At the hour at which the customer is usually active, where that is known.",
    },
    "WaitFor": _STEP
    | {
        "rule": "What is waited for.",
        "at_most": "How long.",
        "then": "The steps for when it came true.",
        "otherwise": "The steps for when it did not.",
    },
    "Branch": _STEP | {"cases": "The first that holds is taken.", "otherwise": "The steps for when none holds."},
    "Case": {"when": "The rule.", "then": _THEN},
    "Split": _STEP | {"shares": "Each customer falls into one, always the same."},
    "Share": {"weight": "How many fall into it, beside the others' weights.", "then": _THEN},
    "Send": _STEP
    | {
        "template": "The message's key.",
        "channels": "The first that the customer permits and can be reached on.",
        "useful_for": "So long after it was queued it is still worth sending; without it as long as the flow is.",
        "needs_products": "Without a product that it could show it is skipped.",
    },
    "Offer": _STEP
    | {
        "carries": "Products or a voucher that what is sent from here on carries.",
        "recommends": "Products of each customer's own: that go with what they bought, or the shop's favourites.",
        "incentive": "A code of each customer's own.",
    },
    "Incentive": {
        "kind": _KIND,
        "percent": "So much off the order; 0: its delivery is free.",
        "lasts": "From when it is given, up to the end of that day of the shop.",
        "first_order_only": "Only for those who have not bought yet.",
        "again_after": "So long after a customer's last code, of whatever flow.",
    },
    "SetAttribute": _STEP | {"attribute": "Its name.", "value": "Its new value; null takes it away."},
    "TagStep": _STEP | {"tag": "The name of the list that the customer is put on or taken off."},
    "CallWebhook": _STEP | {"event": "The name of the event that the merchant's endpoints are told."},
    "StartFlow": _STEP | {"flow": "The key of the flow that the customer enters."},
    "NotifyStaff": _STEP | {"text": "What staff read."},
    "Leave": _STEP | {"reason": "A code for why they left, shown in results."},
    "AllOf": {"kind": _KIND, "rules": "Each of them has to hold."},
    "AnyOf": {"kind": _KIND, "rules": "One of them at least has to hold."},
    "Not": {"kind": _KIND, "rule": "The rule that may not hold."},
    "Compare": {
        "kind": _KIND,
        "fact": "The fact's name, such as orders, phase, tag.vip or attribute.size.",
        "op": "How it is compared.",
        "value": "With what; a list for in, nothing for known and unknown.",
    },
    "Moment": {
        "kind": _KIND,
        "fact": "The name of a fact that is a moment or a day, such as last_order_at.",
        "op": "Where it lies from now.",
        "duration": "How far.",
    },
    "Happened": {
        "kind": _KIND,
        "event": "The event's name.",
        "within": "So long ago at most; without it ever.",
        "since_entry": "Only after the customer entered the flow.",
    },
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of flow documents."""
    schema = FLOWS.json_schema()
    schema["title"] = "FlowDocument"
    for shape in (schema, *schema["$defs"].values()):
        for name, told in shape.get("properties", {}).items():
            told["description"] = _WORDS[shape["title"]][name]
    return schema

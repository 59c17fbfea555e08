from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import consent
from saleor_lifecycle.models import Installation, Suppression, SuppressionLift
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask
from tests.facts import ADA, account, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SETTINGS = """settings { topics { key isArchived names { language text } descriptions { language text } }
  softOptIn { country offeredFrom lastsDays } isTrackingDefault } errors { field message code }"""
TOPICS = f"mutation ($topics: [ConsentTopicInput!]!) {{ consentTopicsUpdate(topics: $topics) {{ {SETTINGS} }} }}"
COUNTRIES = f"""mutation ($countries: [SoftOptInInput!]!) {{
  consentSoftOptInUpdate(countries: $countries) {{ {SETTINGS} }} }}"""
CUSTOMER = """query ($id: ID!) { customerConsent(userId: $id) {
  choices { topic channel basis refusal source since } words { topic source isGranted at evidence text }
  country frequency pausedUntil isPersonalised isTracked language } }"""
ON_THE_LIST = """query ($id: ID!) { customerConsent(userId: $id) {
  suppressions { addressHash reason mayBeLifted } } }"""
COUNTS = "{ suppressions(first: 1) { suppressions { reason } counts { reason count } } }"
LIST = """query ($address: String, $after: String, $reason: SuppressionReason) {
  suppressions(first: 2, address: $address, after: $after, reason: $reason) {
    suppressions { addressHash reason at mayBeLifted } endCursor hasNextPage } }"""
ADD = "mutation ($address: String!) { suppressionAdd(address: $address) { added errors { field code } } }"
LIFT = """mutation ($id: ID!, $note: String!) {
  suppressionLift(addressHash: $id, note: $note) { isLifted errors { field code } } }"""
IMPORT = "mutation ($csv: String!) { suppressionsImport(csv: $csv) { lines added unreadLines errors { field code } } }"


def reasons(shop: Installation) -> list[str]:
    with within(shop.pk):
        return sorted(Suppression.objects.values_list("reason", flat=True))


def test_topics_are_kept_in_order_and_those_left_out_are_archived(ask: Ask) -> None:
    given = [{"key": "events", "names": [{"language": "es", "text": "Eventos"}]}]
    said = ask(TOPICS, topics=given)["consentTopicsUpdate"]
    assert said["errors"] == []
    held = [(topic["key"], topic["isArchived"]) for topic in said["settings"]["topics"]]
    assert held[0] == ("events", False)
    assert {is_archived for _, is_archived in held[1:]} == {True}
    assert ("news", True) in held
    wrong = ask(TOPICS, topics=[{"key": "No Key", "names": []}])["consentTopicsUpdate"]
    assert [error["field"] for error in wrong["errors"]] == ["key", "names"]
    assert wrong["settings"] == said["settings"]


def test_countries_are_kept_and_one_whose_law_asks_for_consent_is_refused(ask: Ask) -> None:
    said = ask(COUNTRIES, countries=[{"country": "es", "offeredFrom": "2026-01-01"}])["consentSoftOptInUpdate"]
    assert said["settings"]["softOptIn"] == [{"country": "ES", "offeredFrom": "2026-01-01", "lastsDays": 730}]
    wrong = ask(COUNTRIES, countries=[{"country": "US", "offeredFrom": "2026-01-01", "lastsDays": 9**9}])
    errors = wrong["consentSoftOptInUpdate"]["errors"]
    assert [error["field"] for error in errors] == ["country", "lastsDays"]
    assert wrong["consentSoftOptInUpdate"]["settings"] == said["settings"]


def test_a_customers_choices_are_shown_with_their_evidence(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, consent=True)], now)
    with within(installation.pk):
        consent.say(installation, ADA, consent.Word(False, ("offers",), "email", "told", "No offers, please"), now)
    said = ask(CUSTOMER, id=ADA)["customerConsent"]
    stands = {choice["topic"]: (choice["basis"], choice["refusal"]) for choice in said["choices"]}
    assert stands["news"] == ("GRANTED", None)
    assert stands["offers"] == ("REFUSED", "WITHDRAWN")
    assert [(word["source"], word["isGranted"], word["text"]) for word in said["words"]] == [
        ("STOREFRONT", False, "No offers, please"),
        ("ACCOUNT", True, None),
    ]
    assert (said["frequency"], said["isPersonalised"], said["isTracked"], said["country"]) == ("ALL", None, False, None)
    ask("mutation { consentTrackingSet(isDefault: true) { errors { code } } }")
    assert ask(CUSTOMER, id=ADA)["customerConsent"]["isTracked"] is True
    assert ask(CUSTOMER, id="VXNlcjo5OQ==") == {"customerConsent": None}


def test_suppressions_are_listed_by_pages_and_found_by_address(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    for number in range(3):
        assert ask(ADD, now + number * DAY, address=f" Guest{number}@example.com")["suppressionAdd"]["added"] == 1
    assert ask(ADD, of=other_installation, address="guest0@example.com")["suppressionAdd"]["added"] == 1
    first = ask(LIST)["suppressions"]
    assert ([row["at"] for row in first["suppressions"]], first["hasNextPage"]) == (
        [(now + number * DAY).isoformat() for number in (2, 1)],
        True,
    )
    rest = ask(LIST, after=first["endCursor"])["suppressions"]
    assert ([row["at"] for row in rest["suppressions"]], rest["hasNextPage"]) == ([now.isoformat()], False)
    [found] = ask(LIST, address="GUEST1@example.com")["suppressions"]["suppressions"]
    assert (found["at"], found["reason"], found["mayBeLifted"]) == ((now + DAY).isoformat(), "MANUAL", True)
    assert ask(LIST, address="nobody@example.com")["suppressions"]["suppressions"] == []
    assert ask(LIST, reason="BOUNCED")["suppressions"]["suppressions"] == []


def test_what_is_on_the_list_is_counted_by_reason(
    ask: Ask, installation: Installation, other_installation: Installation
) -> None:
    said = dict.fromkeys(("one", "two"), "manual") | {"three": "unsubscribed", "four": "bounced", "five": "spam"}
    ask(IMPORT, csv="email,reason\n" + "".join(f"{name}@example.com,{why}\n" for name, why in said.items()))
    ask(ADD, of=other_installation, address="one@example.com")
    with within(installation.pk):
        Suppression.objects.filter(reason="bounced").update(reason="soft_bounces")
    held = ask(COUNTS)["suppressions"]
    assert len(held["suppressions"]) == 1
    assert [(one["reason"], one["count"]) for one in held["counts"]] == [
        ("MANUAL", 2),
        ("COMPLAINED", 1),
        ("SOFT_BOUNCES", 1),
        ("UNSUBSCRIBED", 1),
    ]
    (soft,) = ask(LIST, reason="SOFT_BOUNCES")["suppressions"]["suppressions"]
    assert soft["mayBeLifted"] is True


def test_a_customers_addresses_on_the_list_are_shown(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - DAY, consent=True)], now)
    ask(ADD, address="somebody.else@example.com")
    assert ask(ON_THE_LIST, id=ADA)["customerConsent"]["suppressions"] == []
    ask(ADD, address="ada@example.com")
    (held,) = ask(ON_THE_LIST, id=ADA)["customerConsent"]["suppressions"]
    (found,) = ask(LIST, address="ada@example.com")["suppressions"]["suppressions"]
    assert held == {"addressHash": found["addressHash"], "reason": "MANUAL", "mayBeLifted": True}
    stands = {(one["basis"], one["refusal"]) for one in ask(CUSTOMER, id=ADA)["customerConsent"]["choices"]}
    assert stands == {("REFUSED", "ADDRESS_SUPPRESSED")}


@pytest.mark.parametrize("address", ["", "ada", "a b@example.com"])
def test_what_is_no_address_is_not_taken(address: str, ask: Ask, installation: Installation) -> None:
    said = ask(ADD, address=address)["suppressionAdd"]
    assert said == {"added": 0, "errors": [{"field": "address", "code": "INVALID"}]}
    assert reasons(installation) == []


def test_staff_lift_with_a_reason_and_not_what_bounced(ask: Ask, installation: Installation) -> None:
    ask(IMPORT, csv="email,reason\nada@example.com,manual\ngrace@example.com,bounced\n")
    ids = {row["reason"]: row["addressHash"] for row in ask(LIST)["suppressions"]["suppressions"]}

    def lift(**given: Any) -> tuple[bool, list[str]]:
        said = ask(LIFT, **given)["suppressionLift"]
        return said["isLifted"], [error["field"] for error in said["errors"]]

    assert lift(id=ids["MANUAL"], note=" ") == (False, ["note"])
    assert lift(id=ids["BOUNCED"], note="please") == (False, ["addressHash"])
    assert lift(id="nobody", note="please") == (False, ["addressHash"])
    assert reasons(installation) == ["bounced", "manual"]
    assert lift(id=ids["MANUAL"], note="asked by phone") == (True, [])
    assert reasons(installation) == ["bounced"]
    with within(installation.pk):
        row = SuppressionLift.objects.get()
    assert (row.lifted_by, row.note, row.reason) == ("VXNlcjoyMQ==", "asked by phone", "manual")


def test_lines_come_in_and_too_many_do_not(ask: Ask, installation: Installation) -> None:
    said = ask(IMPORT, csv="email\nada@example.com\nnobody\n")["suppressionsImport"]
    assert said == {"lines": 2, "added": 1, "unreadLines": [3], "errors": []}
    said = ask(IMPORT, csv="grace@example.com\n" * 1001)["suppressionsImport"]
    assert (said["added"], said["errors"]) == (0, [{"field": "csv", "code": "INVALID"}])
    assert reasons(installation) == ["manual"]

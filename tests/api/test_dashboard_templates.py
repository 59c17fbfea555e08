from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from saleor_lifecycle.actions import consent, templates
from saleor_lifecycle.actions.brands import set_up
from saleor_lifecycle.models import (
    Brand,
    Installation,
    Message,
    Suppression,
    Template,
    TemplateVersion,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.api.conftest import Ask
from tests.channels.conftest import MailServer, mail_server
from tests.facts import ADA, CHECKOUT, account, cart, tell
from tests.shop_server import ShopServer, cart_node, install_at, shop_server

pytestmark = pytest.mark.django_db

__all__ = ["mail_server", "shop_server"]

DAY = timedelta(days=1)
FOOT = (
    "{{ footer.company }} {{ footer.address }} {{ footer.email }} {{ footer.privacy_url }} {{ footer.reason }} "
    "{{ links.unsubscribe }}"
)
SHOWN = "template { key name context purpose archivedAt languages usedBy }"
VERSION = "version { language number subject text isTextMade savedBy isPublished }"
WRONG = 'faults { part line code isError message es: message(language: "es") } errors { field message code }'
SAVED = f"{{ {SHOWN} {VERSION} {WRONG} }}"
CREATE = f"""mutation ($key: String!, $words: TemplateWordsInput!, $context: TemplateContext! = CUSTOMER,
    $purpose: MessagePurpose! = COMMERCIAL) {{
    templateCreate(key: $key, context: $context, purpose: $purpose, words: $words, name: "Hello") {SAVED} }}"""
SAVE = f"""mutation ($key: String!, $words: TemplateWordsInput!, $publishes: Boolean! = true) {{
    templateSave(key: $key, words: $words, publishes: $publishes) {SAVED} }}"""
PREVIEW = f"""query ($words: TemplateWordsInput!, $userId: ID, $context: TemplateContext! = CUSTOMER,
    $channel: String! = "") {{
    templatePreview(context: $context, purpose: COMMERCIAL, words: $words, userId: $userId, channel: $channel) {{
        subject html text invented {WRONG} }} }}"""
TEST = """mutation ($words: TemplateWordsInput!, $to: String, $purpose: MessagePurpose! = COMMERCIAL) {
    templateTestSend(context: CUSTOMER, purpose: $purpose, words: $words, to: $to) {
        address errors { field message code } } }"""


def words(text: str = "Hello", language: str = "en", subject: str = "Hello", foot: str = FOOT) -> dict[str, str]:
    column = f"<mj-text>{text}</mj-text>\n<mj-text>{foot}</mj-text>"
    mjml = f"<mjml><mj-body><mj-section><mj-column>\n{column}</mj-column></mj-section></mj-body></mjml>"
    return {"language": language, "subject": subject, "mjml": mjml}


def create(ask: Ask, key: str = "hello", **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(CREATE, key=key, **{"words": words(), **more})["templateCreate"]
    return answer


def save(ask: Ask, given: dict[str, str], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(SAVE, key="hello", words=given, **more)["templateSave"]
    return answer


def preview(ask: Ask, given: dict[str, str], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(PREVIEW, words=given, **more)["templatePreview"]
    return answer


def spoken(installation: Installation, language: str, key: str = "hello") -> str | None:
    with within(installation.pk):
        found = templates.find(installation.pk, key, language)
        return found.subject if found else None


def versions(installation: Installation) -> int:
    with within(installation.pk):
        return TemplateVersion.objects.count()


def test_a_new_one_is_published_with_the_text_that_nobody_wrote(ask: Ask, installation: Installation) -> None:
    answer = create(ask)
    assert answer["errors"] == answer["faults"] == []
    assert answer["template"] == {
        "key": "hello",
        "name": "Hello",
        "context": "CUSTOMER",
        "purpose": "COMMERCIAL",
        "archivedAt": None,
        "languages": ["en"],
        "usedBy": [],
    }
    version = answer["version"]
    assert version.pop("text").startswith("Hello\n\n{{ footer.company }}")
    assert version == {
        "language": "en",
        "number": 1,
        "subject": "Hello",
        "isTextMade": True,
        "savedBy": "VXNlcjoyMQ==",
        "isPublished": True,
    }
    assert ask("{ templates { key } }")["templates"] == [{"key": "hello"}]


def test_what_is_wrong_is_told_with_place_and_code_in_both_languages_and_nothing_is_stored(
    ask: Ask, installation: Installation
) -> None:
    answer = create(ask, words=words("\n{{ shop.nam }}"))
    assert answer["faults"] == [
        {
            "part": "html",
            "line": 3,
            "code": "UNKNOWN_NAME",
            "isError": True,
            "message": 'there is no value "shop.nam"; did you mean "shop.name"?',
            "es": "no existe el valor «shop.nam». ¿Querías decir «shop.name»?",
        }
    ]
    assert [(error["field"], error["code"]) for error in answer["errors"]] == [("mjml", "INVALID")]
    assert (answer["template"], answer["version"]) == (None, None)
    with within(installation.pk):
        assert not Template.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"key": "Hello"}, "key", "INVALID"),
        ({"key": ""}, "key", "INVALID"),
        ({"key": "x" * 61}, "key", "INVALID"),
        ({"key": "taken"}, "key", "TAKEN"),
        ({"words": words(language="spanish")}, "language", "INVALID"),
        ({"words": words(subject="")}, "subject", "INVALID"),
        ({"words": words(foot="")}, "mjml", "INVALID"),
        ({"words": words("{{ cart.total }}"), "context": "CART", "purpose": "SERVICE"}, "mjml", "INVALID"),
        ({"words": {**words(), "mjml": "x" * 90_001}}, "mjml", "INVALID"),
    ],
)
def test_one_that_cannot_be_is_not_stored(
    ask: Ask, installation: Installation, given: dict[str, Any], field: str, code: str
) -> None:
    create(ask, "taken")
    answer = create(ask, **given)
    assert (answer["errors"][0]["field"], answer["errors"][0]["code"]) == (field, code)
    assert answer["version"] is None
    assert versions(installation) == 1


def test_a_warning_keeps_nothing_from_being_saved(ask: Ask, installation: Installation) -> None:
    answer = create(ask, words=words('<a href="http://elsewhere.example">a</a>'))
    assert [(fault["code"], fault["isError"]) for fault in answer["faults"]] == [
        ("PLAIN_HTTP", False),
        ("FOREIGN_LINK", False),
    ]
    assert answer["errors"] == []
    assert versions(installation) == 1


def test_each_saving_is_a_version_and_an_earlier_one_can_speak_again(ask: Ask, installation: Installation) -> None:
    create(ask)
    assert save(ask, words(subject="Second"))["version"]["number"] == 2
    draft = save(ask, words(subject="Third"), publishes=False)["version"]
    assert (draft["number"], draft["isPublished"]) == (3, False)
    assert spoken(installation, "en") == "Second"
    publish = f"""mutation {{ templatePublish(key: "hello", language: "en", number: 1) {SAVED} }}"""
    assert ask(publish)["templatePublish"]["version"]["isPublished"]
    assert spoken(installation, "en") == "Hello"
    shown = ask("""{ template(key: "hello") { versions(language: "en") { number isPublished }
        older: versions(language: "en", before: 2) { number } variants { subject } } }""")["template"]
    assert shown == {
        "versions": [
            {"number": 3, "isPublished": False},
            {"number": 2, "isPublished": False},
            {"number": 1, "isPublished": True},
        ],
        "older": [{"number": 1}],
        "variants": [{"subject": "Hello"}],
    }


def test_a_version_that_is_not_there_is_not_published(ask: Ask, installation: Installation) -> None:
    create(ask)
    for key, language, number in (("hello", "en", 2), ("hello", "es", 1), ("other", "en", 1)):
        answer = ask(
            f"""mutation {{ templatePublish(key: "{key}", language: "{language}", number: {number}) {SAVED} }}"""
        )["templatePublish"]
        assert [error["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    assert spoken(installation, "es") == "Hello"


def test_a_version_never_changes(ask: Ask, installation: Installation) -> None:
    create(ask)
    with pytest.raises(ProgrammingError, match="permission denied"), within(installation.pk):
        TemplateVersion.objects.update(subject="Another")
    assert spoken(installation, "en") == "Hello"


@pytest.mark.parametrize(
    ("main", "wanted", "found"),
    [
        ("en", "es-MX", "es-MX"),
        ("en", "es-AR", "es"),
        ("de", "fr", "de"),
        ("de-AT", "fr", "de"),
        ("pt", "fr", "en"),
        ("en", "de-CH", "de"),
    ],
)
def test_a_language_that_is_not_there_is_stood_in_for(
    ask: Ask, installation: Installation, main: str, wanted: str, found: str
) -> None:
    create(ask, words=words(language="es", subject="es"))
    for language in ("es_mx", "de", "en"):
        save(ask, words(language=language, subject={"es_mx": "es-MX"}.get(language, language)))
    ask(f'mutation {{ installationUpdate(input: {{language: "{main}"}}) {{ errors {{ code }} }} }}')
    assert spoken(installation, wanted) == found


def test_where_no_language_stands_in_the_first_one_speaks(ask: Ask, installation: Installation) -> None:
    create(ask, words=words(language="fi", subject="fi"))
    save(ask, words(language="sv", subject="sv"))
    assert spoken(installation, "ja") == "fi"


@pytest.mark.parametrize("change", ["templateDelete", "templateArchive"])
def test_what_a_flow_sends_cannot_go(ask: Ask, installation: Installation, now: datetime, change: str) -> None:
    add_ready_templates(installation.pk, now)
    answer = ask(f'mutation {{ {change}(key: "abandoned-cart-2") {{ errors {{ field message code }} }} }}')[change]
    assert answer["errors"] == [{"field": "key", "message": "It is sent by abandoned-cart.", "code": "IN_USE"}]
    assert ask('{ template(key: "abandoned-cart-2") { usedBy archivedAt } }')["template"] == {
        "usedBy": ["abandoned-cart"],
        "archivedAt": None,
    }


def test_what_waits_to_be_sent_cannot_go(ask: Ask, installation: Installation, now: datetime) -> None:
    create(ask)
    with within(installation.pk):
        Message.objects.create(
            installation=installation, template="hello", topic="news", channel="email", queued_at=now, due_at=now
        )
    delete = 'mutation { templateDelete(key: "hello") { errors { code } } }'
    assert ask(delete)["templateDelete"]["errors"] == [{"code": "IN_USE"}]
    with within(installation.pk):
        Message.objects.update(due_at=None)
    assert ask(delete)["templateDelete"]["errors"] == []
    assert versions(installation) == 0
    assert ask(delete)["templateDelete"]["errors"] == [{"code": "NOT_FOUND"}]


def test_one_is_put_away_and_brought_back(ask: Ask, installation: Installation, now: datetime) -> None:
    create(ask)
    archive = 'mutation ($is: Boolean!) { templateArchive(key: "hello", isArchived: $is) { template { archivedAt } } }'
    assert ask(archive, **{"is": True})["templateArchive"]["template"]["archivedAt"] == now.isoformat()
    assert ask("{ templates { key } }")["templates"] == []
    assert ask("{ templates(isArchived: true) { key } }")["templates"] == [{"key": "hello"}]
    assert ask(archive, **{"is": False})["templateArchive"]["template"]["archivedAt"] is None


def test_a_copy_says_what_is_sent_and_goes_its_own_way(ask: Ask, installation: Installation) -> None:
    create(ask)
    save(ask, words(subject="Hola", language="es"))
    save(ask, words(subject="Not yet"), publishes=False)
    copy = f'mutation {{ templateCopy(key: "hello", newKey: "bye", name: "Bye") {{ {SHOWN} errors {{ code }} }} }}'
    assert ask(copy)["templateCopy"]["template"]["languages"] == ["en", "es"]
    save(ask, words(subject="Changed"))
    assert (spoken(installation, "en", "bye"), spoken(installation, "es", "bye")) == ("Hello", "Hola")
    assert ask(copy)["templateCopy"] == {"template": None, "errors": [{"code": "TAKEN"}]}


def test_a_purpose_changes_only_if_the_words_suit_it(ask: Ask, installation: Installation) -> None:
    update = f"""mutation ($purpose: MessagePurpose!) {{
        templateUpdate(key: "hello", purpose: $purpose) {{ {SHOWN} {WRONG} }} }}"""
    create(ask, words=words("{{ cart.total }}"), context="CART")
    answer = ask(update, purpose="SERVICE")["templateUpdate"]
    assert [fault["code"] for fault in answer["faults"]] == ["OFFER_AS_SERVICE"]
    assert (answer["template"], answer["errors"][0]["code"]) == (None, "INVALID")
    save(ask, words("No cart"))
    assert ask(update, purpose="SERVICE")["templateUpdate"]["template"]["purpose"] == "SERVICE"
    publish = f"""mutation {{ templatePublish(key: "hello", language: "en", number: 1) {SAVED} }}"""
    assert [fault["code"] for fault in ask(publish)["templatePublish"]["faults"]] == ["OFFER_AS_SERVICE"]
    assert spoken(installation, "en") == "Hello"


def test_names_and_filters_are_listed_for_who_writes(ask: Ask) -> None:
    found = ask("{ templateNames(context: CART) { names filters } }")["templateNames"]
    assert {"cart.lines[].product", "shop.name", "language"} <= set(found["names"])
    assert "money" in found["filters"]
    assert "cart.total" not in ask("{ templateNames(context: CUSTOMER) { names } }")["templateNames"]["names"]


def test_a_look_saves_nothing(ask: Ask, installation: Installation) -> None:
    question = """query ($words: TemplateWordsInput!) { templateCheck(context: CUSTOMER, purpose: COMMERCIAL,
        words: $words) { text faults { code } errors { field } } }"""
    assert ask(question, words=words("Hi", foot=""))["templateCheck"]["errors"]
    assert ask(question, words=words("Hi"))["templateCheck"]["text"].startswith("Hi")
    assert versions(installation) == 0


def test_without_a_customer_the_values_are_invented_but_the_shops(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        set_up(installation, Brand.objects.get(), {"company": "Casa, S.L."}, now)
    shown = preview(ask, words("{{ customer.first_name }} {{ cart.total | money: cart.currency }}"), context="CART")
    assert "Lucía €138.80" in shown["html"]
    assert "Casa, S.L." in shown["text"]
    assert shown["invented"] == ["cart", "customer"]


def test_an_offer_that_nobody_was_made_is_invented_whole(ask: Ask) -> None:
    text = "{{ voucher.code }} {{ voucher.worth }} {{ recommendations.product }} {{ products[0].name }}"
    shown = preview(ask, words(text), context="OFFER")
    assert "OLMO-7K2M-9QXA 10% off Thermal bottle Canvas backpack" in shown["html"]
    assert shown["invented"] == ["products", "recommendations", "voucher"]


def test_a_customer_the_app_does_not_know_is_said(ask: Ask) -> None:
    shown = preview(ask, words(), userId="VXNlcjo5OTk=")
    assert (shown["html"], shown["errors"][0]["field"], shown["errors"][0]["code"]) == (None, "userId", "NOT_FOUND")


def test_as_a_customer_it_shows_their_cart_as_the_shop_has_it_and_links_that_lead_nowhere(
    ask: Ask, shop_server: ShopServer, client: Any
) -> None:
    now = timezone.now()
    shop_server.carts[CHECKOUT] = cart_node()
    shop = install_at(shop_server, now)
    tell(shop, [account(now - DAY), cart(now - DAY / 2)], now)
    text = "{{ customer.first_name }} {% for line in cart.lines %}{{ line.product }}{% endfor %} {{ links.cart }}"
    shown = preview(ask, words(text), context="CART", userId=ADA, of=shop, at=now)
    assert shown["errors"] == []
    assert shown["invented"] == []
    assert shown["text"].startswith("Ada ")
    assert "Lucía" not in shown["html"]
    assert CHECKOUT not in shown["html"]
    link = next(word for word in shown["text"].split() if "/unsubscribe/" in word)
    assert client.post("/unsubscribe/" + link.rpartition("/")[2]).status_code == 404


def test_a_test_goes_to_who_asks_marked_and_is_no_message(
    ask: Ask, installation: Installation, mail_server: MailServer, now: datetime
) -> None:
    with within(installation.pk):
        set_up(installation, Brand.objects.get(), {"sender_email": "shop@example.com"}, now)
    answer = ask(TEST, words=words())["templateTestSend"]
    assert answer == {"address": "staff@example.com", "errors": []}
    (mail,) = mail_server.received
    assert (mail["To"], mail["Subject"], mail["List-Unsubscribe"]) == ("staff@example.com", "[Test] Hello", None)
    assert ask(TEST, words=words(), to="ana@example.com")["templateTestSend"]["address"] == "ana@example.com"
    with within(installation.pk):
        assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("to", "field", "code"),
    [
        ("ana", "to", "INVALID"),
        ("ana@example.com, bob@example.com", "to", "INVALID"),
        ("ana@example.com\nBcc: bob@example.com", "to", "INVALID"),
        ("bounced@example.com", "to", "NOT_SENT"),
        ("gone@example.com", "to", "NOT_SENT"),
    ],
)
def test_a_test_goes_to_one_address_that_may_be_written_to(
    ask: Ask, installation: Installation, mail_server: MailServer, now: datetime, to: str, field: str, code: str
) -> None:
    with within(installation.pk):
        set_up(installation, Brand.objects.get(), {"sender_email": "shop@example.com"}, now)
        for address, reason in (("bounced@example.com", "bounced"), ("gone@example.com", consent.UNSUBSCRIBED)):
            hashed = consent.address_hash(installation, "email", address)
            Suppression.objects.create(
                installation=installation, channel="email", address_hash=hashed, reason=reason, at=now
            )
    answer = ask(TEST, words=words(), to=to)["templateTestSend"]
    assert [(error["field"], error["code"]) for error in answer["errors"]] == [(field, code)]
    assert mail_server.received == []


def test_a_test_of_what_is_wrong_or_without_a_sender_does_not_leave(ask: Ask, mail_server: MailServer) -> None:
    assert ask(TEST, words=words("{{ nobody }}"))["templateTestSend"]["errors"][0]["field"] == "mjml"
    assert ask(TEST, words=words())["templateTestSend"]["errors"][0]["code"] == "NOT_SENT"
    assert mail_server.received == []


def test_tests_are_few_in_an_hour(ask: Ask, installation: Installation, mail_server: MailServer, now: datetime) -> None:
    with within(installation.pk):
        set_up(installation, Brand.objects.get(), {"sender_email": "shop@example.com"}, now)
    sent = [ask(TEST, words=words())["templateTestSend"]["errors"] for _ in range(21)]
    assert sent[:20] == [[]] * 20
    assert sent[20][0]["code"] == "TOO_OFTEN"
    assert len(mail_server.received) == 20
    later = now + timedelta(minutes=3)
    assert ask(TEST, at=later, words=words())["templateTestSend"]["errors"] == []
    assert ask(TEST, at=later, words=words())["templateTestSend"]["errors"][0]["code"] == "TOO_OFTEN"


def test_another_shops_templates_are_not_there(
    ask: Ask, installation: Installation, other_installation: Installation
) -> None:
    create(ask)
    assert ask("{ templates { key } }", of=other_installation)["templates"] == []
    assert ask('{ template(key: "hello") { key } }', of=other_installation)["template"] is None
    delete = 'mutation { templateDelete(key: "hello") { errors { code } } }'
    assert ask(delete, of=other_installation)["templateDelete"]["errors"] == [{"code": "NOT_FOUND"}]
    assert create(ask, of=other_installation)["errors"] == []
    assert versions(installation) == 1


def test_a_language_with_a_draft_only_is_told_apart_from_those_that_are_sent(ask: Ask) -> None:
    create(ask)
    save(ask, words(language="es"), publishes=False)
    assert ask('{ template(key: "hello") { languages writtenLanguages } }')["template"] == {
        "languages": ["en"],
        "writtenLanguages": ["en", "es"],
    }

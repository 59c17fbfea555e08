"""Set up an installation: who speaks in its messages, where its carts open, what Saleor is told."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import attention, attention_settings, brands, customers, holdouts, projection, warm_ups
from saleor_lifecycle.actions.sender_domains import EMAIL
from saleor_lifecycle.domain.attention import Caps
from saleor_lifecycle.management.shops import unknown
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.models.entry import across, within

BRAND = {
    "sender_name": "the name messages come from",
    "sender_email": "the address messages come from",
    "reply_to": "the address replies go to",
    "company": "the company's legal name, at the foot of messages",
    "tax_id": "its tax number",
    "postal_address": "its postal address",
    "contact_email": "where to reach it",
    "privacy_url": "its privacy notice",
    "logo_url": "a logo for messages",
    "storefront_url": "the shop's front page",
    "color": "the colour of buttons, such as #16161a",
    "text_color": "the colour of the words on them; empty: whichever is read better",
    "cart_url": "where a cart opens: https://shop.example/checkout?checkout={checkout_id}",
    "product_url": "where a product is seen: https://shop.example/products/{slug}",
}

QUESTION = """
To be answered with --projection on or off: shall each customer's phase be written to their record in Saleor?
  On, you can filter the Dashboard's customers list by the public metadata key lifecycle.phase; other apps can use it.
  Staff and apps read it, and each customer can technically read their own. {count} customers are known here; they are
  written at most 25 in a request, and afterwards only when something changes. Until you answer, nothing is written.
"""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", nargs="?", help="the shop's API address; may be left out when there is only one")
        for name, text in BRAND.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=text)
        parser.add_argument("--consent-key", help="metadata key of users and checkouts that holds their consent")
        parser.add_argument("--time-zone", help="the shop's time zone, such as Europe/Madrid")
        parser.add_argument("--language", help="whoever speaks none that a message has is written to in it, such as es")
        parser.add_argument(
            "--at-most",
            help="commercial messages a customer gets in a day, in 7 days and in 30, such as 1,3,8; any: no such cap",
        )
        parser.add_argument(
            "--hold-out",
            type=int,
            metavar="PERCENT",
            help="of all customers, held out of every flow that they enter from now on, so that what flows bring "
            "together can be known; nobody if left out. What is held out is not earned",
        )
        parser.add_argument(
            "--warm-up",
            choices=("on", "off"),
            help="begin with 50 e-mails a day and double each day; it begins by itself when a new domain writes",
        )
        parser.add_argument(
            "--projection",
            choices=("on", "off", "clear"),
            help="write each customer's phase to their record in Saleor (they can technically read it); "
            "off leaves what was written, clear empties it",
        )

    def handle(self, **options: Any) -> None:
        installation_id = self._choose(options["shop"])
        with within(installation_id):
            installation = Installation.objects.get(pk=installation_id)
            brand = Brand.objects.get(pk=installation_id)
            given = {name: options[name] for name in (*BRAND, *brands.OF_INSTALLATION)}
            if problems := brands.set_up(installation, brand, given, timezone.now()):
                raise CommandError("\n".join(f"--{name.replace('_', '-')}: {text}" for name, _, text in problems))
            if options["warm_up"]:
                change = warm_ups.begin if options["warm_up"] == "on" else warm_ups.end
                change(installation, EMAIL)
            if options["at_most"]:
                _set_caps(installation_id, options["at_most"])
            if options["hold_out"] is not None:
                _hold_out(installation_id, options["hold_out"])
            if options["projection"]:
                word = options["projection"]
                asked = projection.switch(installation, word == "on", word == "clear")
                self.stdout.write(f"projection {options['projection']}: about {asked} customers will be written")
            count = sum(customers.counts(installation_id).values())
        for name in BRAND:
            self.stdout.write(f"{name:16} {getattr(brand, name) or '-'}")
        self.stdout.write(f"{'consent_key':16} {installation.consent_key}")
        if installation.is_projecting is None:
            self.stdout.write(QUESTION.format(count=count))
        if not brand.is_set_up:
            missing = [name for name in Brand.NEEDED if not getattr(brand, name)]
            self.stdout.write(f"No message leaves until these are set: {', '.join(missing)}")

    def _choose(self, shop: str | None) -> int:
        with across():
            known = dict(Installation.objects.values_list("saleor_api_url", "id"))
        if shop is None and len(known) == 1:
            return next(iter(known.values()))
        if shop in known:
            return known[shop]
        raise unknown(known)


def _hold_out(installation_id: int, percent: int) -> None:
    try:
        holdouts.set_everywhere(installation_id, percent)
    except ValueError as error:
        raise CommandError(f"--hold-out: {error}") from None


def _set_caps(installation_id: int, text: str) -> None:
    """Set the caps that are written like 1,3,8; each of them, and all at once, may be "any"."""
    words = ["any"] * 3 if text == "any" else text.split(",")
    if len(words) != 3 or not all(word == "any" or word.isdecimal() for word in words):
        raise CommandError("--at-most: Give three numbers, such as 1,3,8; any of them may be: any.")
    caps = Caps(*(None if word == "any" else int(word) for word in words))
    held = attention.settings_of(installation_id).hours()
    hours = {channel: one for channel, one in held.items() if one is not None}
    if problems := attention_settings.set_all(installation_id, caps, hours):
        raise CommandError("\n".join(f"--at-most: {problem.text}" for problem in problems))

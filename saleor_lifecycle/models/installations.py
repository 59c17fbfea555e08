import re
import secrets
import uuid
from typing import NamedTuple

from django.db import models
from django.utils import timezone

from saleor_lifecycle.domain.ladder import loss_rules
from saleor_lifecycle.domain.policies import read_policy
from saleor_lifecycle.domain.prediction import FIXED, LossRules
from saleor_lifecycle.domain.scoring import Policy

STOREFRONT_KEY_PREFIX = "pk_"


class Scoring(NamedTuple):
    """What an installation judges its customers by."""

    policy: Policy
    rules: LossRules


def is_storefront_key(text: str) -> bool:
    """Has it the form of a storefront key?"""
    return re.fullmatch(rf"{STOREFRONT_KEY_PREFIX}[0-9a-f]{{32}}", text) is not None


def new_storefront_key() -> str:
    """Return a public key under which a storefront may name an installation: 128 random bits."""
    return f"{STOREFRONT_KEY_PREFIX}{secrets.token_hex(16)}"


class Installation(models.Model):
    """One Saleor that installed the app; owns every row."""

    class State(models.TextChoices):
        ACTIVE = "active"
        INACTIVE = "inactive"  # switched off by staff: Saleor drops our events meanwhile
        REMOVED = "removed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storefront_key = models.TextField(default=new_storefront_key, unique=True, editable=False)  # no secret
    server_key_hash = models.TextField(default="")  # of the key that storefronts' servers hold; "" until one is made
    saleor_api_url = models.TextField(unique=True)
    app_id = models.TextField()
    token = models.BinaryField()  # encrypted
    jwks = models.JSONField(default=dict)
    jwks_fetched_at = models.DateTimeField(null=True)
    saleor_version = models.TextField(default="")
    shop_name = models.TextField(default="")
    permissions = models.JSONField(default=list)
    state = models.TextField(choices=State.choices, default=State.ACTIVE)
    time_zone = models.TextField(default="UTC")  # IANA; the shop's day
    language = models.TextField(default="en")  # BCP-47; whoever speaks none that a message has is written to in it
    consent_key = models.TextField(default="marketing_consent")  # metadata key of users and checkouts
    is_projecting = models.BooleanField(null=True)  # null: the merchant has not been asked; nothing is written
    is_clearing = models.BooleanField(default=False)  # the projection is off, and what it wrote is taken back
    asking_after = models.BigIntegerField(null=True)  # the last customer asked for; null: nobody is left to ask for
    has_phase_attribute = models.BooleanField(default=False)  # a customer attribute carries the phase as well
    attribute_prepared_at = models.DateTimeField(null=True)  # when it was made, and given to each customer type
    attribute_trouble = models.TextField(default="")  # why it could not be, in words
    projection_per_minute = models.PositiveIntegerField(default=120)  # customers written, at most, by all workers
    projection_at = models.DateTimeField(null=True)  # nothing is written before: the pace, or a rest after trouble
    projection_failures = models.PositiveSmallIntegerField(default=0)  # of the shop, in a row
    projection_trouble = models.TextField(default="")  # the last of them, in words
    activity_retention_days = models.PositiveSmallIntegerField(default=730)
    import_pages_per_second = models.FloatField(default=2.0)  # at most, when the shop is read as a whole
    policy = models.ForeignKey("PolicyVersion", models.PROTECT, null=True, related_name="+")
    fit = models.ForeignKey("Fit", models.PROTECT, null=True, related_name="+")  # null: the fixed rung
    applies_refits = models.BooleanField(default=True)  # or waits with them for the merchant
    refit_at = models.DateTimeField(default=timezone.now)  # when the next fit is due; at work on it, the lease's end
    holdout_share = models.FloatField(default=0.0)  # of all customers, held out of every flow; 0: nobody
    sending_off_at = models.DateTimeField(null=True)  # the merchant's switch over every channel
    home = models.TextField(default="")  # where these rows live, by models.homes; "" until that was looked at
    held_at = models.DateTimeField(null=True)  # found elsewhere than at home, or marked so: nothing is sent
    restored_at = models.DateTimeField(null=True)  # what may have been sent until then is not sent again
    registered_at = models.DateTimeField()
    webhooks_due_at = models.DateTimeField(null=True)  # when its webhooks have to be looked at; null until the night

    def scoring(self) -> Scoring:
        """Return the figures behind phases and scores as the domain reads them."""
        assert self.policy is not None
        policy = self.policy.value()
        return Scoring(policy, loss_rules(self.fit.value() if self.fit else FIXED, policy.loss))


class PolicyVersion(models.Model):
    """One version of the scoring policy; immutable (the app's role may not update it)."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    number = models.PositiveIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "number"], name="policy_number")]

    def value(self) -> Policy:
        """Return the policy as the domain reads it."""
        return read_policy(self.document)


class Brand(models.Model):
    """Who speaks in an installation's messages, and what the law wants at their foot."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    sender_name = models.TextField(default="")
    sender_email = models.TextField(default="")
    reply_to = models.TextField(default="")
    company = models.TextField(default="")
    tax_id = models.TextField(default="")
    postal_address = models.TextField(default="")
    contact_email = models.TextField(default="")
    privacy_url = models.TextField(default="")
    logo_url = models.TextField(default="")
    color = models.TextField(default="#16161a")  # of what is to be clicked
    text_color = models.TextField(default="")  # of the words on it; "": light or dark, whichever is read better
    storefront_url = models.TextField(default="")  # the shop's front page
    cart_url = models.TextField(default="")  # template with {checkout_id}
    product_url = models.TextField(default="")  # template with {slug}; "" where products are not linked to

    NEEDED = ("sender_email", "company", "postal_address", "contact_email", "cart_url")
    """What a commercial message has to say about its sender, and where its cart opens."""

    @property
    def is_set_up(self) -> bool:
        """Is there all that a message needs?"""
        return all(getattr(self, name) for name in self.NEEDED)

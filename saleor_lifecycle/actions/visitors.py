"""Visitors: browsers that a storefront tells of, whose they turn out to be, and how they are forgotten.

A visitor is an identity that may be nobody's: a customer is never made for a browser alone. It becomes somebody's
through the earliest handle that names it, an account or the e-mail of a cart, and goes where that handle goes.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from saleor_lifecycle.domain.facts import AccountFact, CartFact
from saleor_lifecycle.domain.identity import IdentityKind, Key, key_of
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.touches import Touch, document, read_touch
from saleor_lifecycle.models import Account, Activity, Customer, Identity, Installation

from . import activities, customers, happenings, identities
from .happenings import Happening

DAY = timedelta(days=1)
TOLD_WITHIN = timedelta(days=30)
"""A visit may be told of so long afterwards: a storefront may have to wait for the visitor's consent."""
AHEAD = timedelta(minutes=5)
"""So far may a storefront's clock run ahead."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to the storefront, with the visitor's consent to its being stored."""

    visitor: str
    touch: Touch  # which may say nothing but its moment
    path: str = ""
    products: tuple[str, ...] = ()


def admit(installation_id: int, visit: Visit, now: datetime) -> bool:
    """Take a visit off what an installation's storefront may tell in a minute; return False where too little is left.

    The storefront key is public, so anybody may tell of visits. This is the generic cell rate algorithm: one moment in
    place of counters that somebody has to reset. A transaction of its own, or visits would wait for each other. Of
    the very first visits of an installation that come at once, one is let in.
    """
    cost = MINUTE / settings.STOREFRONT_ACTIVITIES_PER_MINUTE * (1 + len(set(visit.products)))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_visitbudget SET used_until = GREATEST(used_until, %s) + make_interval(secs => %s)
            WHERE installation_id = %s AND used_until <= %s
            """,
            [now, cost.total_seconds(), installation_id, now + MINUTE - cost],
        )
        if cursor.rowcount:
            return True
        cursor.execute(
            "INSERT INTO lifecycle_visitbudget (installation_id, used_until) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [installation_id, now + cost],
        )
        return bool(cursor.rowcount)


def record(installation: Installation, visit: Visit, user_id: str | None, now: datetime) -> bool:
    """Store a visit, of an account if somebody is signed in; return False for an account that was deleted."""
    account = None
    if user_id is not None:
        if Account.objects.filter(user_id=user_id, deleted_at__isnull=False).exists():
            return False
        key = Key(IdentityKind.USER, user_id)
        account = identities.resolve(installation.pk, [key], now)[key]
        assert account.customer_id is not None
        identities.lock([account.customer_id])
        account.refresh_from_db(fields=["customer"])
    value = value_of(installation, visit.visitor)
    waiting = happenings.wanted(installation.pk, _HAPPEN)
    people = {account.customer_id} if account is not None else _lock_owner(value) if waiting else set()
    browser = _browsers(installation.pk, [value], now)[value]
    teller = browser
    if account is not None:
        _tie(browser, account, now)
        if browser.customer_id != account.customer_id:
            teller = account  # the browser is somebody else's: what this person does in it is their own
    touch = replace(visit.touch, visitor=value)
    stored = list(_activities(installation, visit, touch, value, teller))
    activities.store(stored)
    if touch.says_something:
        row = Identity.objects.select_for_update(no_key=True).get(pk=teller.pk)
        activities.keep_touches(row, [touch])
    if account is not None:
        new = Customer.objects.filter(identities=account, phase_since=None).values_list("pk", flat=True)
        customers.refold(installation, new, now, Cause.BEHAVIOUR)
    if waiting and teller.customer_id and teller.customer_id in people:
        happenings.enter(installation, _happened(installation, stored, teller.customer_id, visit), now, waiting)
    return True


def _lock_owner(value: str) -> set[int | None]:
    """Lock whose browser it is before the browser, as everywhere.

    Should it become somebody's in between, this visit starts no flow of theirs.
    """
    owners = Identity.objects.filter(kind=Identity.Kind.VISITOR, value=value, customer__isnull=False)
    people: set[int | None] = set(owners.values_list("customer_id", flat=True))
    identities.lock(one for one in people if one)
    return people


def forget(installation: Installation, visitor: str, user_id: str | None) -> None:
    """Forget a browser and all that was done in it, by the signed-in account also where the browser is another's."""
    value = value_of(installation, visitor)
    found = list(_locked(Q(kind=Identity.Kind.VISITOR, value=value)))
    _delete(found)
    if user_id is None:
        return
    for account in _locked(Q(kind=Identity.Kind.USER, value=user_id)):
        theirs = Activity.objects.filter(installation=installation, identity_id=account.pk)
        theirs.filter(data__visitor=value).delete()
        held = [read_touch(stored) for stored in (account.first_touch, account.last_touch) if stored]
        told = theirs.filter(data__has_key="touch").values_list("data", flat=True)
        left = [told.order_by("occurred_at", "key").first(), told.order_by("occurred_at", "key").last()]
        activities.write_touches(
            account,
            [touch for touch in held if touch.visitor != value] + [read_touch(data["touch"]) for data in left if data],
        )


def forget_owned(identity_ids: Sequence[int], through: datetime | None = None) -> None:
    """Forget all activities and touches of these identities, and the visitors that were theirs (until ``through``)."""
    theirs = Q(tied_to__in=identity_ids)
    if through is not None:
        theirs &= Q(tied_at__lte=through)
    _delete(list(_locked(theirs)))
    Activity.objects.filter(identity_id__in=identity_ids).delete()
    Identity.objects.filter(id__in=identity_ids).update(first_touch=None, last_touch=None)


def drop_strangers(installation_id: int, before: datetime, limit: int) -> int:
    """Forget visitors who are nobody's and were not seen for too long; return how many."""
    strangers = Identity.objects.filter(
        installation_id=installation_id, kind=Identity.Kind.VISITOR, customer=None, seen_at__lt=before
    )
    found = list(strangers.select_for_update(skip_locked=True).order_by("seen_at")[:limit])
    _delete(found)
    return len(found)


def tie_named(
    installation: Installation,
    facts: Iterable[AccountFact | CartFact],
    found: Mapping[Key, Identity],
    now: datetime,
) -> None:
    """Make each browser that a fact names the customer's whose fact it is."""
    named: list[tuple[datetime, Identity, str]] = []
    for fact in facts:
        if fact.visitor is None:
            continue
        if isinstance(fact, AccountFact):
            key, at = Key(IdentityKind.USER, fact.user_id), fact.version.updated_at
        else:
            whose = key_of(fact.user_id, fact.email, fact.erased)
            if whose is None or whose.kind is IdentityKind.ERASED:
                continue
            key, at = whose, fact.created_at
        named.append((at, found[key], value_of(installation, fact.visitor)))
    if not named:
        return
    users = {owner.value for _, owner, _ in named if owner.kind == Identity.Kind.USER}
    gone = set(Account.objects.filter(user_id__in=users, deleted_at__isnull=False).values_list("user_id", flat=True))
    living = [each for each in named if each[1].kind != Identity.Kind.USER or each[1].value not in gone]
    browsers = _browsers(installation.pk, [value for _, _, value in living], now)
    for at, owner, value in living:
        _tie(browsers[value], owner, at)


def value_of(installation: Installation, visitor: str) -> str:
    """Return the keyed hash by which a browser is known: its id is a secret of its storefront's."""
    text = f"{installation.public_id}:visitor:{visitor}"
    return hmac.new(settings.SUPPRESSION_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _browsers(installation_id: int, values: Iterable[str], now: datetime) -> dict[str, Identity]:
    """Return the visitors with these values, made where missing and locked, in the order of their values."""
    wanted = sorted(set(values))
    kind = Identity.Kind.VISITOR
    known = set(Identity.objects.filter(kind=kind, value__in=wanted).values_list("value", flat=True))
    Identity.objects.bulk_create(
        [
            Identity(installation_id=installation_id, kind=kind, value=value, seen_at=now)
            for value in wanted
            if value not in known
        ],
        ignore_conflicts=True,
    )
    rows = list(_locked(Q(kind=kind, value__in=wanted)).select_related("tied_to"))
    stale = [row.pk for row in rows if row.seen_at is None or row.seen_at < now - DAY]
    if stale:
        Identity.objects.filter(pk__in=stale).update(seen_at=now)
    return {row.value: row for row in rows}


def _locked(which: Q) -> QuerySet[Identity]:
    return Identity.objects.select_for_update(no_key=True, of=("self",)).filter(which).order_by("value")


def _tie(browser: Identity, owner: Identity, at: datetime) -> None:
    """Make a browser the customer's whom ``owner`` leads to, unless an earlier handle has named it."""
    held = (browser.tied_at, browser.tied_to)
    if held[0] is not None and held[1] is not None and _rank(held[0], held[1]) < _rank(at, owner):
        return
    if (browser.tied_to, browser.tied_at, browser.customer_id) == (owner, at, owner.customer_id):
        return
    browser.tied_to, browser.tied_at, browser.customer_id = owner, at, owner.customer_id
    browser.save(update_fields=["tied_to", "tied_at", "customer"])


def _rank(at: datetime, owner: Identity) -> tuple[datetime, bool, str]:
    """Order handles that name the same browser: the earliest counts, at one moment an account before an e-mail."""
    return at, owner.kind != Identity.Kind.USER, owner.value


def _delete(visitors: Sequence[Identity]) -> None:
    """Delete visitors with all that was done in them; nothing else hangs on a visitor."""
    ids = [visitor.pk for visitor in visitors]
    Activity.objects.filter(identity_id__in=ids).delete()
    Identity.objects.filter(pk__in=ids).delete()


def _activities(
    installation: Installation, visit: Visit, touch: Touch, value: str, teller: Identity
) -> Iterable[Activity]:
    """Return the visit and the products looked at in it: each is one, however often it is told."""
    stored: dict[str, object] = {"visitor": value}
    if visit.path:
        stored["path"] = visit.path
    said = document(touch)
    if touch.says_something:
        stored["touch"] = said
    yield Activity(
        installation=installation,
        identity_id=teller.pk,
        kind=Activity.Kind.VISIT,
        occurred_at=touch.at,
        key=_hash(value, visit.path, *(text for item in sorted(said.items()) for text in item)),
        data=stored,
    )
    for product in dict.fromkeys(visit.products):
        yield Activity(
            installation=installation,
            identity_id=teller.pk,
            kind=Activity.Kind.PRODUCT_VIEWED,
            occurred_at=touch.at,
            key=_hash(value, product),
            reference=product,
            data={"visitor": value},
        )


_HAPPEN = {"visited", "product_viewed"}


def _happened(
    installation: Installation, stored: Iterable[Activity], customer_id: int, visit: Visit
) -> list[Happening]:
    """Return what a visit is for flows: once a day of the shop's, and once for each product on a day."""
    zone = ZoneInfo(installation.time_zone)
    found = []
    for one in stored:
        day = one.occurred_at.astimezone(zone).date().isoformat()
        if one.kind == Activity.Kind.VISIT:
            found.append(Happening("visited", customer_id, day, one.occurred_at, {"path": visit.path}))
        else:
            said = {"product": one.reference}
            found.append(Happening("product_viewed", customer_id, f"{one.reference}:{day}", one.occurred_at, said))
    return found


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]

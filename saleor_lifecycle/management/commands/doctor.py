"""``doctor``: is everything as it has to be? One line for each check, with what to do where it is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.checks import Warning
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.connection import Connection

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions import sender_domains
from saleor_lifecycle.checks import check_settings
from saleor_lifecycle.domain.backfill import caught_up_at
from saleor_lifecycle.domain.sender_records import Finding as DomainFinding
from saleor_lifecycle.domain.sender_records import Level
from saleor_lifecycle.models import Brand, Event, Installation, SenderDomain, SendingChannel
from saleor_lifecycle.models.entry import APP_ROLE, CLAIM_ROLE, across, within
from saleor_lifecycle.saleor.documents import subscriptions
from saleor_lifecycle.saleor.manifest import PERMISSIONS
from saleor_lifecycle.web.dashboard import is_built

OLDEST_POSTGRESQL = 15


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    trouble: str = ""
    """What is wrong and what to do; empty when nothing is."""
    is_grave: bool = True


class Command(BaseCommand):
    help = "Looks at settings, database, broker, mail and installations; says what to do next. Exit code 1 on trouble."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        troubles = 0
        for check in (
            settings_are_right,
            database_answers,
            tables_are_there,
            broker_answers,
            documents_are_there,
            extension_is_built,
            mail_is_set_up,
            shops_are_served,
            senders_are_believed,
        ):
            for finding in findings_of(check):
                sign = "OK  " if not finding.trouble else "BAD " if finding.is_grave else "WARN"
                self.stdout.write(f"{sign}  {finding.what}" + (f": {finding.trouble}" if finding.trouble else ""))
                troubles += bool(finding.trouble and finding.is_grave)
        if troubles:
            raise CommandError(f"{troubles} to put right")


def findings_of(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what a check finds; one that cannot be made because the database does not let it is a finding too."""
    try:
        yield from check()
    except DatabaseError as error:
        yield Finding(check.__name__.replace("_", " "), f"not known: {first_line(error)}")


def settings_are_right() -> Iterator[Finding]:
    found = check_settings()
    if not found:
        yield Finding(f"settings, reached at {settings.PUBLIC_URL}")
    for message in found:
        yield Finding("settings", f"{message.msg}. {message.hint or ''}", is_grave=not isinstance(message, Warning))


def database_answers() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000, rolsuper,"
            " rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        version, major, is_super, bypasses = cursor.fetchone()
        old = f"{OLDEST_POSTGRESQL} or newer is needed" if major < OLDEST_POSTGRESQL else ""
        yield Finding(f"PostgreSQL {version}", old)
        too_strong = "the app connects as a superuser or with BYPASSRLS; give it a role of its own without them"
        yield Finding("database role", too_strong if is_super or bypasses else "")
        for role in (APP_ROLE, CLAIM_ROLE):
            cursor.execute(
                "SELECT count(*) = 1 AND bool_and(pg_has_role(current_user, oid, 'MEMBER')) FROM pg_roles"
                " WHERE rolname = %s",
                [role],
            )
            trouble = "missing, or not granted to the app's role: run `migrate` as a role with CREATEROLE"
            yield Finding(f"role {role}", "" if cursor.fetchone()[0] else trouble)


def tables_are_there() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        ours = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "lifecycle"]
    except ImportError:
        ours = []
    if not ours:
        # Django itself says "(no migrations)" to this and calls it success.
        yield Finding("migrations", "the folder `migrations` is not importable: the installation is not complete")
        return
    missing = len(executor.migration_plan(ours))
    yield Finding(f"migrations, up to {ours[0][1]}", f"{missing} not applied: run `migrate`" if missing else "")


def broker_answers() -> Iterator[Finding]:
    with Connection(settings.CELERY_BROKER_URL) as broker:
        name = f"broker ({broker.transport_cls})"  # never the address: it may hold a password
        try:
            broker.ensure_connection(max_retries=1, timeout=5)
        except Exception as error:  # each transport has errors of its own
            trouble = f"{type(error).__name__}; webhooks are kept and processed by the sweep once it is back"
            yield Finding(name, trouble)
        else:
            yield Finding(name)


def documents_are_there() -> Iterator[Finding]:
    try:
        count = len(subscriptions())
    except FileNotFoundError as error:
        yield Finding("GraphQL documents", f"{error.filename} is missing: the installation is not complete")
    else:
        yield Finding(f"GraphQL documents ({count} subscriptions)")


def extension_is_built() -> Iterator[Finding]:
    missing = "" if is_built() else "it is not built: run `make extension`; packages of the app hold it already"
    yield Finding("Dashboard extension", missing)


def mail_is_set_up() -> Iterator[Finding]:
    name = f"mail through {settings.EMAIL_BACKEND.rsplit('.', 2)[-2]}"
    mail = get_connection()
    try:
        mail.open()
    except Exception as error:  # smtplib's, the socket's and each provider's
        yield Finding(name, f"{type(error).__name__}; look at EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT and ANYMAIL")
    else:
        yield Finding(name)
    finally:
        mail.close()


def shops_are_served() -> Iterator[Finding]:
    with across():
        shops = list(Installation.objects.order_by("id").values_list("id", "saleor_api_url", "state", "held_at"))
    if not shops:
        yield Finding("installations", f"none: install {settings.PUBLIC_URL}/api/manifest in Saleor", is_grave=False)
    for number, url, state, held_at in shops:
        with within(number):
            last = Event.objects.order_by("-received_at").values_list("received_at", flat=True).first()
            set_aside = Event.objects.filter(state=Event.State.SET_ASIDE).count()
            read = backfills.progress(number)
            brand = Brand.objects.filter(installation=number).first()
            granted = Installation.objects.values_list("permissions", flat=True).get(pk=number)
        heard = f"last event {last:%Y-%m-%d %H:%M:%S} UTC" if last else "no event yet"
        if (known := caught_up_at(read)) is not None:
            heard += f", all known that was there at {known:%Y-%m-%d %H:%M:%S} UTC"
        troubles = [f"sending is held since {held_at:%Y-%m-%d %H:%M} UTC: run `resume-sending`"] if held_at else []
        troubles += [f"{part.kind.value} are not read: {part.error}" for part in read if part.error]
        if state != Installation.State.ACTIVE:
            troubles.append(f"{state}, no events come")
        if missing := sorted(set(PERMISSIONS) - set(granted)):
            troubles.append(f"{', '.join(missing)} not granted: install the app again in Saleor")
        if set_aside:
            troubles.append(f"{set_aside} events set aside: each row's note says why")
        if brand is None or not brand.is_set_up:
            troubles.append("the sender is not filled in, so no commercial message leaves")
        yield Finding(f"{url}, {heard}", "; ".join(troubles), is_grave=False)


def senders_are_believed() -> Iterator[Finding]:
    with across():
        shops = list(Installation.objects.order_by("id").values_list("id", "saleor_api_url"))
    for number, url in shops:
        with within(number):
            domains = list(SenderDomain.objects.order_by("domain"))
            held = SendingChannel.objects.filter(paused_at__isnull=False)
            paused = list(held.values_list("paused_at", "pause_reason"))
        for at, reason in paused:
            trouble = f"paused since {at:%Y-%m-%d %H:%M} UTC ({reason}): staff end this in the Dashboard"
            yield Finding(f"commercial e-mail of {url}", trouble, is_grave=False)
        for domain in domains:
            looked = f"looked up {domain.checked_at:%Y-%m-%d %H:%M} UTC" if domain.checked_at else "not looked up yet"
            wrong = [one for one in sender_domains.read(domain.findings) if one.level in (Level.ERROR, Level.WARNING)]
            yield Finding(f"sender domain {domain.domain}, {looked}", "; ".join(map(advice, wrong)), is_grave=False)


def advice(finding: DomainFinding) -> str:
    """Return what is wrong with a domain, with what to put where."""
    if finding.put is None:
        return finding.code
    value = finding.put.value or "as the provider shows it"
    return f"{finding.code}: put {finding.put.kind} {finding.put.host} {value}"


def first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__

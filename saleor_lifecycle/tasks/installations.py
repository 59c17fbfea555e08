"""What an installation gets from more than one room: ready templates, compiled and stored; webhooks kept current."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import shared_task
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import installations, problems, templates
from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.names import names_of
from saleor_lifecycle.channels.ready import ready_templates
from saleor_lifecycle.channels.render import check_template
from saleor_lifecycle.channels.samples import sample_values
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.problems import ProblemKey
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.saleor import manifest, reconciliation
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import InstalledApp, Shop
from saleor_lifecycle.saleor.versions import read_version

AGAIN_AFTER = timedelta(hours=1)
"""When the sweep looks for webhooks that had to be looked at and were not."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of an installation's webhooks, each line in words for whoever runs the app.

    ``done`` is what was changed, or what would be; ``left`` is what staff want otherwise, which stays; ``troubles`` is
    what somebody has to do something about.
    """

    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


@shared_task
def reconcile(installation_id: int) -> None:
    """Make an installation's webhooks current."""
    run_reconcile(installation_id)


@shared_task
def reconcile_all() -> None:
    """Make every installation's webhooks current, one after the other."""
    for installation_id in everyone():
        run_reconcile(installation_id)


def everyone() -> dict[int, str]:
    """Return the API address of every installation by its id, but of those that were removed."""
    with across():
        kept = Installation.objects.exclude(state=Installation.State.REMOVED)
        return dict(kept.order_by("id").values_list("id", "saleor_api_url"))


def run_reconcile(installation_id: int, is_dry: bool = False) -> Reconciled:
    """Compare an installation's webhooks with those that it ought to have, and change them unless ``is_dry``.

    Nothing that a shop answers or fails to answer is raised: one shop's trouble is not the next one's.
    """
    now = timezone.now()
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if not is_dry:
            installations.put_off_webhooks(installation_id, now + AGAIN_AFTER)
    try:
        answer = _reconcile(installation, is_dry, now)
    except ShopError as error:
        answer = Reconciled(troubles=(f"{type(error).__name__}: {error}",))
    except InvalidToken:
        answer = Reconciled(troubles=("the shop's token cannot be read: its key is missing from TOKEN_KEYS",))
    for line in answer.done if not is_dry else ():
        logger.info("webhooks of installation %s: %s", installation_id, line)
    for line in answer.left + answer.troubles:
        logger.warning("webhooks of installation %s: %s", installation_id, line)
    return answer


def _reconcile(installation: Installation, is_dry: bool, now: datetime) -> Reconciled:
    api_url, token = installation.saleor_api_url, installations.unseal(installation.token)
    app = _asked(installation) if is_dry else confirm(installation, now)
    done: list[str] = []
    troubles = _missing_permissions(app)
    if not is_dry:
        with within(installation.pk):
            installations.put_off_webhooks(installation.pk, None)
            problems.tell(installation, ProblemKey.PERMISSIONS, bool(troubles), now)
    with Shop(api_url, token, settings.ALLOW_PRIVATE_ADDRESSES, app.saleor_version) as shop:
        found = shop.webhooks()
        wanted = reconciliation.desired(settings.PUBLIC_URL, app.app_id, read_version(app.saleor_version))
        missing: set[str] = set()
        for change in reconciliation.plan(wanted, found):
            if change.wanted is None and change.found and change.found.webhook.events & missing:
                troubles.append(f"{change}: waits, what takes its place could not be made")
                continue
            try:
                if not is_dry:
                    shop.change_webhook(change)
            except ShopError as error:
                troubles.append(f"{change}: {type(error).__name__}: {error}")
                missing |= change.wanted.events if change.wanted else frozenset()
            else:
                done.append(str(change))
    left = tuple(
        f"{name} is switched off in the shop: none of its events come, until staff switch it on"
        for name in reconciliation.switched_off(found)
    )
    return Reconciled(tuple(done), left, tuple(troubles))


def confirm(installation: Installation, now: datetime) -> InstalledApp:
    """Return what the shop says of our app now, and keep it. Raises ShopError and InvalidToken."""
    app = _asked(installation)
    with within(installation.pk):
        installations.confirm(installation, app.saleor_version, sorted(app.permissions), now)
    return app


def _asked(installation: Installation) -> InstalledApp:
    token = installations.unseal(installation.token)
    with Shop(installation.saleor_api_url, token, settings.ALLOW_PRIVATE_ADDRESSES) as shop:
        return shop.installed_app()


def _missing_permissions(app: InstalledApp) -> list[str]:
    missing = sorted(set(manifest.PERMISSIONS) - app.permissions)
    return [f"staff have to grant {', '.join(missing)}: Saleor withholds what they cover"] if missing else []


def add_ready_templates(installation_id: int, now: datetime, is_dry: bool = False) -> list[str]:
    """Store the ready templates that the installation does not have; one that a merchant has edited stays.

    Return those as "key (language)", or with ``is_dry`` those that would be stored.
    """
    with within(installation_id):
        known = templates.known(installation_id)
        missing = [ready for ready in ready_templates() if (ready.key, ready.language) not in known]
        for ready in missing if not is_dry else ():
            html = compile_mjml(ready.mjml)
            source = TemplateSource(ready.subject, html, ready.text, ready.language)
            check_template(source, names_of(ready.context), sample_values(ready.context, ready.language))
            words = (ready.subject, ready.mjml, ready.text)
            templates.save(installation_id, ready.key, ready.language, words, html, now, ready.context, ready.purpose)
    return [f"{ready.key} ({ready.language})" for ready in missing]

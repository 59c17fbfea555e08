"""Templates: each saving is a version of its own, one version speaks each language, and what a flow sends stays."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from saleor_lifecycle.domain.languages import fallbacks
from saleor_lifecycle.domain.messages import Context, Purpose
from saleor_lifecycle.models import (
    Installation,
    Message,
    Template,
    TemplateVariant,
    TemplateVersion,
)
from saleor_lifecycle.models.flow_uses import in_use, naming


class InUse(Exception):
    """A template that cannot go, or not be for that purpose; ``flows`` are the keys of those that send it."""

    def __init__(self, flows: Collection[str]) -> None:
        super().__init__(", ".join(sorted(flows)))
        self.flows = tuple(sorted(flows))


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language, as it is stored; ``html`` is what the caller compiled the MJML to."""

    subject: str
    mjml: str
    html: str
    text: str
    is_text_made: bool = False
    short: str = ""


def make(
    installation_id: int, key: str, name: str, context: Context, purpose: Purpose, now: datetime
) -> Template | None:
    """Store a new template without words; None where there is one with that key."""
    template, is_new = Template.objects.get_or_create(
        installation_id=installation_id,
        key=key,
        defaults={"name": name, "context": context.value, "purpose": purpose.value, "created_at": now},
    )
    return template if is_new else None


def locked(installation_id: int, key: str) -> Template | None:
    """Return the template, which nobody else changes until the transaction ends."""
    return Template.objects.select_for_update(no_key=True).filter(installation_id=installation_id, key=key).first()


def add_version(template: Template, language: str, words: Words, by: str, now: datetime) -> TemplateVersion:
    """Store words of a locked template as its next version in that language; they are not sent yet."""
    number = template.versions.filter(language=language).aggregate(last=Max("number"))["last"] or 0
    return TemplateVersion.objects.create(
        installation_id=template.installation_id,
        template=template,
        language=language,
        number=number + 1,
        subject=words.subject,
        mjml=words.mjml,
        html=words.html,
        text=words.text,
        short_text=words.short,
        is_text_made=words.is_text_made,
        saved_at=now,
        saved_by=by,
    )


def publish(version: TemplateVersion, now: datetime) -> None:
    """Let a version, new or old, speak its language from now on."""
    TemplateVariant.objects.update_or_create(
        installation_id=version.installation_id,
        template_id=version.template_id,
        language=version.language,
        defaults={"version": version, "published_at": now},
    )


def save(
    installation_id: int,
    key: str,
    language: str,
    source: tuple[str, str, str],
    html: str,
    now: datetime,
    context: Context = Context.CART,
    purpose: Purpose = Purpose.COMMERCIAL,
    short: str = "",
) -> TemplateVersion:
    """Store and publish words as they are, for a template that is made if it is not there: what we bring along.

    ``source`` is (subject, MJML, text) and ``html`` what the caller compiled the MJML to.
    """
    subject, mjml, text = source
    make(installation_id, key, "", context, purpose, now)
    template = locked(installation_id, key)
    assert template is not None
    version = add_version(template, language, Words(subject, mjml, html, text, short=short), "", now)
    publish(version, now)
    return version


def known(installation_id: int) -> set[tuple[str, str]]:
    """Return (key, language) of all words that the installation has."""
    rows = TemplateVersion.objects.filter(installation_id=installation_id)
    return set(rows.values_list("template__key", "language"))


def find(installation_id: int, key: str, language: str) -> TemplateVersion | None:
    """Return the words of a template in the language, or in the one that stands in for it."""
    return find_all(installation_id, [(key, language)])[key, language]


def find_all(
    installation_id: int, wanted: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], TemplateVersion | None]:
    """Return the words for each (key, language): in it, its base, the installation's language, English, or the first
    that were published. None where a template is not there or says nothing."""
    asked = set(wanted)
    main = Installation.objects.values_list("language", flat=True).get(pk=installation_id)
    variants = TemplateVariant.objects.filter(
        installation_id=installation_id, template__key__in={key for key, _ in asked}
    ).select_related("version", "template")
    held: dict[str, dict[str, TemplateVersion]] = {}
    for variant in variants.order_by("id"):
        held.setdefault(variant.template.key, {})[variant.language] = variant.version
    return {(key, language): _nearest(held.get(key, {}), language, main) for key, language in asked}


def _nearest(held: Mapping[str, TemplateVersion], language: str, main: str) -> TemplateVersion | None:
    for spoken in fallbacks(language, main):
        if spoken in held:
            return held[spoken]
    return next(iter(held.values()), None)


def used_by(installation_id: int, key: str) -> set[str]:
    """Return the keys of the flows that send a template: in what they publish, or to somebody still in an older form
    of them. "" stands for a message of no flow that waits to be sent."""
    found = naming(in_use(installation_id), "template", key)
    queued = Message.objects.filter(installation_id=installation_id, template=key, due_at__isnull=False)
    names = queued.values_list("enrollment__flow__key", flat=True).distinct()
    return set(found.values_list("flow__key", flat=True)) | {name or "" for name in names}


def archive(template: Template, now: datetime) -> None:
    """Put a locked template away; its words stay. Raises InUse."""
    _refuse_in_use(template)
    template.archived_at = now
    template.save(update_fields=["archived_at"])


def restore(template: Template) -> None:
    """Bring a template back that was put away."""
    template.archived_at = None
    template.save(update_fields=["archived_at"])


def delete(template: Template) -> None:
    """Delete a locked template with all its words, for good. Raises InUse."""
    _refuse_in_use(template)
    template.variants.all().delete()
    template.delete()


def describe(template: Template, name: str | None, purpose: Purpose | None, placement: str | None = None) -> None:
    """Change a locked template's name, purpose and place on the site; None leaves as it is.

    Raises InUse for a purpose while a flow sends it: that flow was published with the other one.
    """
    if purpose is not None and purpose.value != template.purpose:
        _refuse_in_use(template)
        template.purpose = purpose.value
    if name is not None:
        template.name = name
    if placement is not None:
        template.placement = placement
    template.save(update_fields=["name", "purpose", "placement"])


def _refuse_in_use(template: Template) -> None:
    if flows := used_by(template.installation_id, template.key):
        raise InUse(flows)

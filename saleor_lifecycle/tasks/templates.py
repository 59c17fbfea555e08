"""Templates from what staff wrote: looked through, compiled, stored as a version, published."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from saleor_lifecycle.actions import brands, templates
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels.faults import Fault
from saleor_lifecycle.channels.lint import Draft, Looked, look_through
from saleor_lifecycle.domain.languages import read_language
from saleor_lifecycle.domain.messages import Context, Purpose
from saleor_lifecycle.models import Template, TemplateVersion
from saleor_lifecycle.models.entry import within

LONGEST_NAME = 100
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Written:
    """What staff wrote of a template in one language; an empty text is made from the MJML."""

    language: str
    subject: str
    mjml: str
    text: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it: a version, or with an error among the faults or a problem none."""

    version: TemplateVersion | None = None
    faults: tuple[Fault, ...] = ()
    problems: tuple[Problem, ...] = ()


def make(
    installation_id: int,
    key: str,
    name: str,
    context: Context,
    purpose: Purpose,
    written: Written,
    by: str,
    now: datetime,
) -> Saved:
    """Store and publish a new template with its first words, or say what is wrong and store nothing."""
    if problems := _key_problems(key, name):
        return Saved(problems=problems)
    looked, problems = look(installation_id, written, context, purpose)
    if looked.source is None or problems:
        return Saved(None, looked.faults, problems)
    with within(installation_id):
        template = templates.make(installation_id, key, name, context, purpose, now)
        if template is None:
            return Saved(problems=(_taken("key"),))
        version = _store(template, written, looked, by, now)
        templates.publish(version, now)
    return Saved(version, looked.faults)


def save(installation_id: int, key: str, written: Written, publishes: bool, by: str, now: datetime) -> Saved:
    """Store words as the next version in their language, or say what is wrong and store nothing."""
    with within(installation_id):
        held = Template.objects.filter(installation_id=installation_id, key=key).first()
    if held is None:
        return Saved(problems=(missing("key"),))
    looked, problems = look(installation_id, written, Context(held.context), Purpose(held.purpose))
    if looked.source is None or problems:
        return Saved(None, looked.faults, problems)
    with within(installation_id):
        template = templates.locked(installation_id, key)
        if template is None or template.purpose != held.purpose:
            return Saved(problems=(Problem("key", Code.CHANGED, "Somebody has changed the template meanwhile."),))
        version = _store(template, written, looked, by, now)
        if publishes:
            templates.publish(version, now)
    return Saved(version, looked.faults)


def publish(installation_id: int, key: str, language: str, number: int, now: datetime) -> Saved:
    """Let a version speak again that was saved earlier, if it is still in order, or say what is wrong with it now."""
    with within(installation_id):
        template = templates.locked(installation_id, key)
        versions = template.versions.filter(language=language, number=number) if template else None
        version = versions.select_related("template").first() if versions else None
        if template is None or version is None:
            return Saved(problems=(missing("number" if template else "key"),))
        looked = _look(installation_id, _draft(version))
        if looked.source is None:
            return Saved(None, looked.faults)
        templates.publish(version, now)
    return Saved(version, looked.faults)


def copy(installation_id: int, key: str, new_key: str, name: str, by: str, now: datetime) -> tuple[Problem, ...]:
    """Make a template with the published words of another, or say why not."""
    if problems := _key_problems(new_key, name):
        return problems
    with within(installation_id):
        held = templates.locked(installation_id, key)
        if held is None:
            return (missing("key"),)
        made = templates.make(installation_id, new_key, name, Context(held.context), Purpose(held.purpose), now)
        if made is None:
            return (_taken("newKey"),)
        for variant in held.variants.select_related("version").order_by("id"):
            version = variant.version
            words = templates.Words(
                version.subject, version.mjml, version.html, version.text, version.is_text_made, version.short_text
            )
            templates.publish(templates.add_version(made, variant.language, words, by, now), now)
    return ()


def describe(
    installation_id: int, key: str, name: str | None, purpose: Purpose | None, placement: str | None = None
) -> tuple[tuple[Problem, ...], tuple[Fault, ...]]:
    """Change a template's name, purpose and place on the site, if its published words are in order
    for it, or say what is not."""
    if name is not None and len(name) > LONGEST_NAME:
        return (_too_long_a_name(),), ()
    if placement and not _KEY.fullmatch(placement):
        return (Problem("placement", Code.INVALID, "Use up to 60 small letters, digits and hyphens."),), ()
    with within(installation_id):
        template = templates.locked(installation_id, key)
        if template is None:
            return (missing("key"),), ()
        if purpose is not None and purpose.value != template.purpose:
            faults = _faults_as(template, purpose)
            if any(fault.is_error for fault in faults):
                return (), faults
        try:
            templates.describe(template, name, purpose, placement)
        except templates.InUse as error:
            return (in_use(error),), ()
    return (), ()


def look(
    installation_id: int, written: Written, context: Context, purpose: Purpose
) -> tuple[Looked, tuple[Problem, ...]]:
    """Look through what staff wrote, storing nothing."""
    try:
        language = read_language(written.language)
    except ValueError as error:
        return Looked((), None, False), (Problem("language", Code.INVALID, str(error).capitalize() + "."),)
    with within(installation_id):
        draft = Draft(written.subject, written.mjml, written.text, language, context, purpose, written.short)
        return _look(installation_id, draft), ()


def missing(field: str) -> Problem:
    """Return the problem of a template or version that is not there."""
    return Problem(field, Code.NOT_FOUND, "There is no such template, or no such version of it.")


def in_use(error: templates.InUse) -> Problem:
    """Return the problem of a template that something sends."""
    flows = ", ".join(name for name in error.flows if name)
    text = f"It is sent by {flows}." if flows else "A message with it waits to be sent."
    return Problem("key", Code.IN_USE, text)


def _look(installation_id: int, draft: Draft) -> Looked:
    """It takes milliseconds and asks nobody, so it may stand in a transaction."""
    known = brands.by_channel(installation_id)
    hosts = brands.own_hosts(known.values(), settings.PUBLIC_URL)
    return look_through(draft, hosts, [brands.footer(brand) for brand in known.values()])


def _faults_as(template: Template, purpose: Purpose) -> tuple[Fault, ...]:
    found: list[Fault] = []
    for variant in template.variants.select_related("version__template").order_by("id"):
        draft = replace(_draft(variant.version), purpose=purpose)
        found += _look(template.installation_id, draft).faults
    return tuple(found)


def _draft(version: TemplateVersion) -> Draft:
    template = version.template
    return Draft(
        version.subject,
        version.mjml,
        "" if version.is_text_made else version.text,
        version.language,
        Context(template.context),
        Purpose(template.purpose),
        version.short_text,
    )


def _store(template: Template, written: Written, looked: Looked, by: str, now: datetime) -> TemplateVersion:
    assert looked.source is not None
    source = looked.source
    words = templates.Words(source.subject, written.mjml, source.html, source.text, looked.is_text_made, source.short)
    return templates.add_version(template, source.language, words, by, now)


def _key_problems(key: str, name: str) -> tuple[Problem, ...]:
    if not _KEY.fullmatch(key):
        return (Problem("key", Code.INVALID, "Use up to 60 small letters, digits and hyphens."),)
    return (_too_long_a_name(),) if len(name) > LONGEST_NAME else ()


def _too_long_a_name() -> Problem:
    return Problem("name", Code.INVALID, f"At most {LONGEST_NAME} characters fit here.")


def _taken(field: str) -> Problem:
    return Problem(field, Code.TAKEN, "There is a template with this key.")

"""Templates: saved with what their MJML was compiled to."""

from datetime import datetime

from saleor_lifecycle.models import Template


def save(
    installation_id: int, key: str, language: str, source: tuple[str, str, str], html: str, now: datetime
) -> Template:
    """Store a template; ``source`` is (subject, MJML, text) and ``html`` what the caller compiled the MJML to."""
    subject, mjml, text = source
    template, _ = Template.objects.update_or_create(
        installation_id=installation_id,
        key=key,
        language=language,
        defaults={"subject": subject, "mjml": mjml, "html": html, "text": text, "saved_at": now},
    )
    return template


def known(installation_id: int) -> set[tuple[str, str]]:
    """Return (key, language) of every template of the installation."""
    return set(Template.objects.filter(installation_id=installation_id).values_list("key", "language"))


def find(installation_id: int, key: str, language: str) -> Template | None:
    """Return the template in the language, else in its base language, else in English."""
    held = {row.language: row for row in Template.objects.filter(installation_id=installation_id, key=key)}
    for wanted in (language, language.partition("-")[0], "en"):
        if wanted in held:
            return held[wanted]
    return None

"""What an installation gets from more than one room: ready templates, compiled and stored."""

from datetime import datetime

from saleor_lifecycle.actions import templates
from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.ready import ready_templates
from saleor_lifecycle.models.entry import within


def add_ready_templates(installation_id: int, now: datetime) -> None:
    """Store the ready templates that the installation does not have; one that a merchant has edited stays."""
    with within(installation_id):
        known = templates.known(installation_id)
        for ready in ready_templates():
            if (ready.key, ready.language) not in known:
                source = (ready.subject, ready.mjml, ready.text)
                templates.save(installation_id, ready.key, ready.language, source, compile_mjml(ready.mjml), now)

"""What an installation gets from more than one room: ready templates, compiled and stored."""

from datetime import datetime

from saleor_lifecycle.actions import templates
from saleor_lifecycle.channels.mjml import compile_mjml
from saleor_lifecycle.channels.ready import CART_NAMES, ready_templates, sample_values
from saleor_lifecycle.channels.render import check_template
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.models.entry import within


def add_ready_templates(installation_id: int, now: datetime) -> None:
    """Store the ready templates that the installation does not have; one that a merchant has edited stays."""
    with within(installation_id):
        known = templates.known(installation_id)
        for ready in ready_templates():
            if (ready.key, ready.language) not in known:
                html = compile_mjml(ready.mjml)
                source = TemplateSource(ready.subject, html, ready.text, ready.language)
                check_template(source, CART_NAMES, sample_values(ready.language))
                templates.save(
                    installation_id, ready.key, ready.language, (ready.subject, ready.mjml, ready.text), html, now
                )

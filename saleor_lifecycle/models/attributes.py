from django.db import models

from saleor_lifecycle.domain.attributes import KeyMapping, read_mapping

from .identities import Identity
from .installations import Installation


class AttributeMap(models.Model):
    """What an installation's metadata keys mean, and how far customers have been folded anew since that changed."""

    installation = models.OneToOneField(Installation, models.CASCADE, primary_key=True)
    mappings = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)  # the last customer that was folded
    # While customers are still to be folded; while somebody is at it, when their lease ends.
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Read by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="attribute_map_due"
            )
        ]

    def value(self) -> tuple[KeyMapping, ...]:
        """Return the mappings as the domain reads them."""
        return tuple(read_mapping(document) for document in self.mappings)


class FlowEntry(models.Model):
    """What a step of a flow said last of an attribute of somebody, by the handle that it goes with."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    identity = models.ForeignKey(Identity, models.CASCADE, db_index=False)
    name = models.TextField()
    value = models.JSONField(null=True)  # null: there is no value any more
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity", "name"], name="flow_entry_name")]


class FileEntry(models.Model):
    """What the newest imported file said of an e-mail."""

    installation = models.ForeignKey(Installation, models.CASCADE)
    identity = models.ForeignKey(Identity, models.CASCADE)
    file_name = models.TextField()
    line = models.PositiveIntegerField()
    first_name = models.TextField(default="")
    last_name = models.TextField(default="")
    language = models.TextField(default="")
    attributes = models.JSONField(default=dict)  # {name: value}
    at = models.DateTimeField()  # when the file was handed in

    class Meta:
        constraints = [models.UniqueConstraint(fields=["installation", "identity"], name="file_entry_identity")]

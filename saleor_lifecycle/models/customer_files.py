import uuid

from django.db import models

from .installations import Installation


class CustomerFile(models.Model):
    """A file of customers that a merchant handed in, and how far it has been read and imported."""

    class State(models.TextChoices):
        UPLOADING = "uploading"
        UPLOADED = "uploaded"  # to be mapped
        READING = "reading"  # by a mapping; nothing but our notes on its lines is written
        READY = "ready"  # counted; to be imported
        IMPORTING = "importing"
        DONE = "done"

    installation = models.ForeignKey(Installation, models.CASCADE)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.TextField()
    state = models.TextField(choices=State.choices, default=State.UPLOADING)
    columns = models.JSONField(default=list)  # their names; numbers where the file names none
    lines = models.PositiveIntegerField(default=0)  # records: one may go over several lines of text
    mapping = models.JSONField(null=True)  # domain.customer_files.read_mapping
    counts = models.JSONField(default=dict)  # before the import: domain.customer_files.Counts
    done = models.PositiveIntegerField(default=0)  # lines read or imported, in the state that it is in
    cursor = models.TextField(default="")  # the last line read, or e-mail imported
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # of the state that it is in
    updated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # while there is work; while somebody is at it, when their lease ends

    class Meta:
        indexes = [
            # Read by the sweep.
            models.Index(
                fields=["installation", "due_at"], condition=models.Q(due_at__isnull=False), name="customer_file_due"
            )
        ]


class CustomerFileLine(models.Model):
    """A record of such a file, as it stands there; after the import only those that were refused are left."""

    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    file = models.ForeignKey(CustomerFile, models.CASCADE, db_index=False)
    number = models.PositiveIntegerField()  # of its first line of text
    fields = models.JSONField()
    is_broken = models.BooleanField()  # no record: the text as it stands

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="customer_file_line_number")]


class CustomerFileRow(models.Model):
    """What a line says by the mapping; after the import only those that were refused are left."""

    installation = models.ForeignKey(Installation, models.CASCADE, db_index=False)
    file = models.ForeignKey(CustomerFile, models.CASCADE, db_index=False)
    number = models.PositiveIntegerField()
    reason = models.TextField()  # why it is refused; "" when it is not
    email = models.TextField()
    is_granted = models.BooleanField(null=True)
    at = models.DateTimeField(null=True)  # of the consent
    evidence = models.TextField()
    first_name = models.TextField()
    last_name = models.TextField()
    language = models.TextField()
    attributes = models.JSONField()
    # As it was when the file was read, for the counts; the import looks again.
    is_known = models.BooleanField()
    stays_no = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="customer_file_row_number")]
        indexes = [
            models.Index(fields=["file", "email"], condition=models.Q(reason=""), name="customer_file_row_email")
        ]

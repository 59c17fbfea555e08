"""What flows name: messages, tags, other flows, at whatever depth of their documents."""

from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Value

from .flows import Enrollment, Flow, FlowVersion


def in_use(installation_id: int) -> QuerySet[FlowVersion]:
    """Return the versions that somebody may still go through: published ones, and those with people inside."""
    live = Flow.objects.filter(installation_id=installation_id, archived_at=None).values("version_id")
    # By flow too, as the index has it.
    inside = Enrollment.objects.filter(
        flow_id=OuterRef("flow_id"), version_id=OuterRef("pk"), state=Enrollment.State.WAITING.value
    )
    return FlowVersion.objects.filter(Q(pk__in=live) | Exists(inside), installation_id=installation_id)


def naming(versions: QuerySet[FlowVersion], field: str, value: str) -> QuerySet[FlowVersion]:
    """Return those of the versions in which a step's field of that name (one of ours) says that."""
    found = Func(
        F("document"),
        Value(f"$.** ? (@.{field} == $value)"),
        Value({"value": value}, JSONField()),
        function="jsonb_path_exists",
        output_field=BooleanField(),
    )
    return versions.filter(found)

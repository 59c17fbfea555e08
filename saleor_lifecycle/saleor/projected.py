"""The projection in Saleor's words: rows of its bulk mutation, and the customer attribute that may carry the phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.domain.projection import PHASE
from saleor_lifecycle.saleor import client, documents, snapshots
from saleor_lifecycle.saleor.errors import Refused

NOT_FOUND = "NOT_FOUND"
ATTRIBUTES_SINCE = documents.SINCE["queries", "phase_attribute"]
ATTRIBUTES_PERMISSION = "MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES"
NAMES = {
    Phase.EDUCATION: "In education phase",
    Phase.SALES: "In sales phase",
    Phase.RETENTION: "In retention phase",
    Phase.LOSS: "In loss phase",
}
"""What staff read in the customer's form when the attribute is made; theirs to change afterwards."""


@dataclass(frozen=True, slots=True)
class ProjectedCustomer:
    """What is to stand on a Saleor user's record; keys that are not named stay as they are."""

    user_id: str
    metadata: Mapping[str, str]
    private_metadata: Mapping[str, str]
    phase: str | None = None  # for the customer attribute


@dataclass(frozen=True, slots=True)
class Projected:
    """What became of one: Saleor's error code, or the record's ``updatedAt`` after the write."""

    error: str | None = None
    updated_at: datetime | None = None
    is_bare: bool = False  # written without the attribute


def bulk_row(row: ProjectedCustomer) -> client.CustomerBulkUpdateInput:
    """The row as the mutation takes it."""
    values = client.CustomerInput(metadata=_metadata(row.metadata), privateMetadata=_metadata(row.private_metadata))
    if row.phase:
        # By references of ours, so that no id of Saleor's has to be kept and an attribute that is made anew is found.
        value = client.AttributeValueSelectableTypeInput(externalReference=value_reference(row.phase))
        values = values.model_copy(
            update={"attributes": [client.AttributeValueInput(externalReference=PHASE, dropdown=value)]}
        )
    return client.CustomerBulkUpdateInput(id=row.user_id, input=values)


def outcome(result: client.ProjectCustomersCustomerBulkUpdateResults) -> Projected:
    """What the mutation says became of a row."""
    if result.errors:
        return Projected(result.errors[0].code.value)
    if result.customer is None:
        return Projected(NOT_FOUND)
    return Projected(updated_at=snapshots.moment(result.customer.updated_at))


def value_reference(phase: str) -> str:
    """Our name of a phase among the attribute's values."""
    return f"{PHASE}.{phase}"


def prepare_attribute(asked: client.SaleorClient) -> None:
    """Make the attribute if it is not there, hidden from storefronts, and give it to each customer type."""
    found = asked.phase_attribute(PHASE)
    key = found.attribute.id if found.attribute else _create(asked)
    for edge in found.customer_types.edges if found.customer_types else []:
        if key not in {attribute.id for attribute in edge.node.attributes or []}:
            assigned = asked.assign_phase_attribute(edge.node.id, key).customer_type_assign_attributes
            _refuse("AssignPhaseAttribute", assigned.errors if assigned else [])


def _create(asked: client.SaleorClient) -> str:
    values = [client.AttributeValueCreateInput(name=name, externalReference=value_reference(phase))
              for phase, name in NAMES.items()]  # fmt: skip
    wanted = client.AttributeCreateInput(
        name="Lifecycle phase",
        slug="lifecycle-phase",
        externalReference=PHASE,
        type=client.AttributeTypeEnum.CUSTOMER_TYPE,
        inputType=client.AttributeInputTypeEnum.DROPDOWN,
        values=values,
        valueRequired=False,
        visibleInStorefront=False,  # Saleor shows one by default
    )
    created = asked.create_phase_attribute(wanted).attribute_create
    _refuse("CreatePhaseAttribute", created.errors if created else [])
    if created is None or created.attribute is None:
        raise Refused("CreatePhaseAttribute: no attribute was made")
    return created.attribute.id


def _refuse(
    operation: str,
    errors: list[client.CreatePhaseAttributeAttributeCreateErrors]
    | list[client.AssignPhaseAttributeCustomerTypeAssignAttributesErrors],
) -> None:
    if errors:
        raise Refused(f"{operation}: {', '.join(f'{error.field}: {error.code.value}' for error in errors)}")


def _metadata(values: Mapping[str, str]) -> list[client.MetadataInput]:
    return [client.MetadataInput(key=key, value=value) for key, value in sorted(values.items())]

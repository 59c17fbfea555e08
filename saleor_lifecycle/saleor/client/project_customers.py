from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import CustomerBulkUpdateErrorCode


class ProjectCustomers(BaseModel):
    customer_bulk_update: Optional["ProjectCustomersCustomerBulkUpdate"] = Field(
        alias="customerBulkUpdate"
    )


class ProjectCustomersCustomerBulkUpdate(BaseModel):
    results: list["ProjectCustomersCustomerBulkUpdateResults"]
    errors: list["ProjectCustomersCustomerBulkUpdateErrors"]


class ProjectCustomersCustomerBulkUpdateResults(BaseModel):
    customer: Optional["ProjectCustomersCustomerBulkUpdateResultsCustomer"]
    errors: Optional[list["ProjectCustomersCustomerBulkUpdateResultsErrors"]]


class ProjectCustomersCustomerBulkUpdateResultsCustomer(BaseModel):
    id: str
    updated_at: datetime = Field(alias="updatedAt")


class ProjectCustomersCustomerBulkUpdateResultsErrors(BaseModel):
    path: Optional[str]
    message: Optional[str]
    code: CustomerBulkUpdateErrorCode


class ProjectCustomersCustomerBulkUpdateErrors(BaseModel):
    path: Optional[str]
    message: Optional[str]
    code: CustomerBulkUpdateErrorCode


ProjectCustomers.model_rebuild()
ProjectCustomersCustomerBulkUpdate.model_rebuild()
ProjectCustomersCustomerBulkUpdateResults.model_rebuild()

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AppProblemDismissErrorCode


class DismissProblem(BaseModel):
    app_problem_dismiss: Optional["DismissProblemAppProblemDismiss"] = Field(
        alias="appProblemDismiss"
    )


class DismissProblemAppProblemDismiss(BaseModel):
    errors: list["DismissProblemAppProblemDismissErrors"]


class DismissProblemAppProblemDismissErrors(BaseModel):
    field: Optional[str]
    code: AppProblemDismissErrorCode


DismissProblem.model_rebuild()
DismissProblemAppProblemDismiss.model_rebuild()

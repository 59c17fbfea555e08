from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import AppProblemCreateErrorCode


class CreateProblem(BaseModel):
    app_problem_create: Optional["CreateProblemAppProblemCreate"] = Field(
        alias="appProblemCreate"
    )


class CreateProblemAppProblemCreate(BaseModel):
    errors: list["CreateProblemAppProblemCreateErrors"]


class CreateProblemAppProblemCreateErrors(BaseModel):
    field: Optional[str]
    code: AppProblemCreateErrorCode


CreateProblem.model_rebuild()
CreateProblemAppProblemCreate.model_rebuild()

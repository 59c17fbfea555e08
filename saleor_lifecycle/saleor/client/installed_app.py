from typing import Optional

from .base_model import BaseModel
from .enums import PermissionEnum


class InstalledApp(BaseModel):
    app: Optional["InstalledAppApp"]
    shop: "InstalledAppShop"


class InstalledAppApp(BaseModel):
    id: str
    identifier: Optional[str]
    permissions: Optional[list["InstalledAppAppPermissions"]]


class InstalledAppAppPermissions(BaseModel):
    code: PermissionEnum


class InstalledAppShop(BaseModel):
    name: str
    version: str


InstalledApp.model_rebuild()
InstalledAppApp.model_rebuild()

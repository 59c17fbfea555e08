from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "saleor_lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers them

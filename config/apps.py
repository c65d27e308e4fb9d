from django.apps import AppConfig


class ParterreConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks, queue_check  # noqa: F401  # registers their checks

from django.apps import AppConfig


class ParterreConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  # registers its checks

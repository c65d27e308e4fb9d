from django.apps import AppConfig


class IacreaConfig(AppConfig):
    name = "integrations.iacrea"
    label = "iacrea"

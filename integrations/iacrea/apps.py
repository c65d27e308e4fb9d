from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IacreaConfig(AppConfig):
    name = "integrations.iacrea"
    label = "iacrea"
    verbose_name = _("iacrea")

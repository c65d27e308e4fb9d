from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects and pictures")

    def ready(self) -> None:
        from accounts.ledger_audit import register_check
        from integrations.doors import queue
        from projects import canary
        from projects.ledger_audit import differences

        register_check(differences)
        queue.when_done(canary.sing)

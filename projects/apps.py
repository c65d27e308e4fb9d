from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects and pictures")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from accounts.ledger_audit import register_check
        from integrations.doors import queue
        from projects import canary
        from projects.desk.looking import session
        from projects.ledger_audit import differences

        register_check(differences)
        queue.when_done(canary.sing)
        user_logged_out.connect(session.signed_out)

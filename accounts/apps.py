from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts and photos")

    def ready(self) -> None:
        from accounts import receivers
        from accounts.staff_roles import sync_roles
        from accounts.triggers import install_triggers, make_way

        receivers.connect()
        pre_migrate.connect(make_way, sender=self)
        # After every migrate: SQLite drops a table's triggers whenever it rebuilds the table.
        post_migrate.connect(install_triggers, sender=self)
        # Django makes each app's permissions in its turn, and auth's is after all of ours.
        post_migrate.connect(sync_roles, sender=apps.get_app_config("auth"))

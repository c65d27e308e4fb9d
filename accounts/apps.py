from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.triggers import install_triggers

        # After every migrate: SQLite drops a table's triggers whenever it rebuilds the table.
        post_migrate.connect(install_triggers, sender=self)

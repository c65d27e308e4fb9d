"""The rows of accounts, without what it hears of sign-ins."""

from django.apps import AppConfig


class BareAccounts(AppConfig):
    name = "accounts"

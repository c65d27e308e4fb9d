"""Addresses of the account at iacrea, the help, the state of the service and the legal pages."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from projects.legal import PAGES
from projects.views import help as help_view
from projects.views import iacrea, legal, status


class LegalPage(StringConverter):
    regex = "|".join(PAGES)


register_converter(LegalPage, "legal")
ACCOUNT = "compte-iacrea/<uuid:account_id>"

help_urls = [
    path("aide", help_view.help_page, name="help"),
    path("<legal:page>", legal.page, name="legal"),
    path("etat", status.status, name="status"),
    path("compte-iacrea", iacrea.accounts, name="iacrea"),
    path("compte-iacrea/connecter", iacrea.connect, name="iacrea_connect"),
    path(f"{ACCOUNT}/cle", iacrea.replace_key, name="iacrea_key"),
    path(f"{ACCOUNT}/pause", iacrea.pause, name="iacrea_pause"),
    path(f"{ACCOUNT}/reprendre", iacrea.resume, name="iacrea_resume"),
    path(f"{ACCOUNT}/arreter", iacrea.stop_using, name="iacrea_stop"),
]

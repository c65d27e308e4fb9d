"""What a person and an agency can take home, and have erased."""

from django.urls import path

from projects.views import privacy

privacy_urls = [
    path("mes-donnees", privacy.my_data, name="my_data"),
    path("mes-donnees/fichier", privacy.my_data_file, name="my_data_file"),
    path("mes-donnees/supprimer", privacy.erase_me, name="erase_me"),
    path("agence/donnees", privacy.agency_data, name="agency_data"),
    path("agence/donnees/duree", privacy.keep_for, name="keep_for"),
    path("agence/donnees/archive", privacy.agency_file, name="agency_data_file"),
    path("agence/donnees/supprimer", privacy.ask_for_erasure, name="ask_for_erasure"),
    path("agence/donnees/rappeler", privacy.withdraw_erasure, name="withdraw_erasure"),
]

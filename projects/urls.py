"""The pages' addresses. Files are `media:` and iacrea's wire is `dropin:` (config/urls.py)."""

from django.urls import path

from projects.views import create, pages, zone

app_name = "projects"
urlpatterns = [
    path("", pages.project_list, name="list"),
    path("projets/nouveau", create.new, name="new"),
    path("projets/exemple", create.sample, name="sample"),
    path("projets/<uuid:project_id>", pages.detail, name="detail"),
    path("projets/<uuid:project_id>/live", pages.live, name="live"),
    path("projets/<uuid:project_id>/zone", zone.zone, name="zone"),
    path(
        "projets/<uuid:project_id>/variations/<uuid:generation_id>",
        zone.variation,
        name="variation",
    ),
]

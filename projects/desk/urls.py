"""The desk's own pages, before those of Django's admin."""

from django.contrib import admin
from django.urls import path

from projects.views import desk, desk_agency, desk_commands, desk_generation, desk_health, looking

desk_urls = [
    path("admin/chercher", admin.site.admin_view(desk.find), name="find"),
    path("admin/sante", admin.site.admin_view(desk_health.page), name="health"),
    path(
        "admin/accounts/agency/<uuid:pk>/change/",
        admin.site.admin_view(desk_agency.page),
        name="agency",
    ),
    path(
        "admin/accounts/agency/<uuid:pk>/note",
        admin.site.admin_view(desk_agency.note),
        name="agency_note",
    ),
    path(
        "admin/commande/<slug:name>/<uuid:pk>",
        admin.site.admin_view(desk_commands.command),
        name="command",
    ),
    path("admin/regarder/fin", admin.site.admin_view(looking.leave), name="leave"),
    path("admin/regarder/<uuid:member_id>", admin.site.admin_view(looking.begin), name="look"),
    path(
        "admin/generations/<uuid:generation_id>/images",
        admin.site.admin_view(desk_generation.pictures),
        name="pictures",
    ),
    path(
        "admin/generations/<uuid:generation_id>/images/<slug:name>",
        admin.site.admin_view(desk_generation.picture_file),
        name="picture_file",
    ),
    path("admin/propositions", admin.site.admin_view(desk_commands.waiting), name="proposals"),
    path(
        "admin/propositions/<uuid:pk>",
        admin.site.admin_view(desk_commands.decide),
        name="decide",
    ),
]

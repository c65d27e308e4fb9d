"""The desk's own pages, before those of Django's admin."""

from django.contrib import admin
from django.urls import path

from projects.views import desk

desk_urls = [
    path("admin/chercher", admin.site.admin_view(desk.find), name="find"),
]

"""Under `/developers/docs/`, and the document beside the API."""

from django.urls import path

from projects.reference import views

docs_urls = [
    path("developers/docs/", views.index, name="index"),
    path("developers/docs/errors", views.errors, name="errors"),
    path("developers/docs/webhooks", views.webhooks, name="webhooks"),
    path("developers/docs/<slug:slug>", views.topic, name="topic"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
]

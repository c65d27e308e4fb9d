"""Under `/api/v1/`."""

from django.urls import path

from integrations.webhooks.api import views

ENDPOINT = "webhook-endpoints/<uuid:endpoint_id>"
DELIVERY = f"{ENDPOINT}/deliveries/<uuid:delivery_id>"

webhook_urls = [
    path("webhook-endpoints", views.Endpoints.as_view(), name="endpoints"),
    path(ENDPOINT, views.Endpoint.as_view(), name="endpoint"),
    path(f"{ENDPOINT}/enable", views.Enable.as_view(), name="enable"),
    path(f"{ENDPOINT}/rotate-secret", views.RotateSecret.as_view(), name="rotate-secret"),
    path(f"{ENDPOINT}/test", views.Test.as_view(), name="test"),
    path(f"{ENDPOINT}/resend-failed", views.ResendFailed.as_view(), name="resend-failed"),
    path(f"{ENDPOINT}/deliveries", views.Deliveries.as_view(), name="deliveries"),
    path(DELIVERY, views.OneDelivery.as_view(), name="delivery"),
    path(f"{DELIVERY}/resend", views.Resend.as_view(), name="resend"),
    path("events", views.Events.as_view(), name="events"),
    path("events/<uuid:event_id>", views.OneEvent.as_view(), name="event"),
]

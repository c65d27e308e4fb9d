"""The developers' pages, in the `projects:` namespace."""

from django.urls import path

from projects.views import (
    developer_calls,
    developer_deliveries,
    developer_endpoint,
    developer_keys,
    developer_webhooks,
    developers,
)

KEY = "developpeurs/cles/<uuid:key_id>"
ENDPOINT = "developpeurs/webhooks/<uuid:endpoint_id>"
DELIVERY = "developpeurs/livraisons/<uuid:delivery_id>"

developer_urls = [
    path("developpeurs", developers.overview, name="developers"),
    path("developpeurs/cles", developer_keys.keys, name="keys"),
    path("developpeurs/cles/nouvelle", developer_keys.new, name="new_key"),
    path(f"{KEY}/remplacer", developer_keys.rotate, name="rotate_key"),
    path(f"{KEY}/revoquer", developer_keys.revoke, name="revoke_key"),
    path("developpeurs/webhooks", developer_webhooks.endpoints, name="endpoints"),
    path("developpeurs/webhooks/nouveau", developer_webhooks.new, name="new_endpoint"),
    path(ENDPOINT, developer_endpoint.endpoint, name="endpoint"),
    path(f"{ENDPOINT}/modifier", developer_webhooks.change, name="change_endpoint"),
    path(f"{ENDPOINT}/secret", developer_endpoint.new_secret, name="new_secret"),
    path(f"{ENDPOINT}/arreter", developer_endpoint.disable, name="disable_endpoint"),
    path(f"{ENDPOINT}/reprendre", developer_endpoint.enable, name="enable_endpoint"),
    path(f"{ENDPOINT}/supprimer", developer_endpoint.delete, name="delete_endpoint"),
    path(f"{ENDPOINT}/essai", developer_endpoint.test, name="test_endpoint"),
    path(f"{ENDPOINT}/renvoyer", developer_endpoint.resend_failed, name="resend_failed"),
    path("developpeurs/appels", developer_calls.calls, name="calls"),
    path("developpeurs/appels/<uuid:call_id>", developer_calls.call, name="call"),
    path("developpeurs/livraisons", developer_deliveries.deliveries, name="deliveries"),
    path(DELIVERY, developer_deliveries.delivery, name="delivery"),
    path(f"{DELIVERY}/renvoyer", developer_deliveries.resend, name="resend"),
]

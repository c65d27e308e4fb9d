"""`/api/v1/webhook-endpoints…` and `/api/v1/events…`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import KeyedView
from accounts.api.idempotent import CreateView
from accounts.choices import Scope
from integrations.doors.inputs import PageFilter, asked
from integrations.doors.pagination import paged
from integrations.webhooks import resends, selectors, services
from integrations.webhooks.api import inputs, outputs, refusals
from integrations.webhooks.exceptions import EndpointDisabled, StillPending, TooManyEndpoints
from integrations.webhooks.models import Delivery, Event, WebhookEndpoint


class WebhookView(KeyedView):
    scope = Scope.WEBHOOKS_WRITE

    @property
    def actor_id(self) -> str:
        return str(self.key.pk)

    def endpoint(self, endpoint_id: UUID) -> WebhookEndpoint:
        try:
            return selectors.endpoint_of(self.agency, self.mode, endpoint_id)
        except WebhookEndpoint.DoesNotExist:
            raise refusals.unknown_endpoint() from None

    def delivery(self, endpoint_id: UUID, delivery_id: UUID) -> Delivery:
        try:
            return selectors.delivery_of(self.endpoint(endpoint_id), delivery_id)
        except Delivery.DoesNotExist:
            raise refusals.unknown_delivery() from None

    def shown(self, endpoint_id: UUID, status: int = 200) -> Response:
        return Response(outputs.EndpointOutput(self.endpoint(endpoint_id)).data, status)


class Endpoints(WebhookView, CreateView):
    def get(self, request: Request) -> Response:
        asked(PageFilter, request)
        rows = selectors.endpoints_of(self.agency, self.mode)
        return paged(request, rows, outputs.EndpointOutput)

    def post(self, request: Request, **path: Any) -> Response:
        """The secret is added here: the answer that an Idempotency-Key keeps is not encrypted."""
        response = super().post(request, **path)
        endpoint_id = UUID(response.data["id"])
        response.data = {**response.data, "secret": selectors.secret_of(endpoint_id)}
        return response

    def create(self, request: Request, **path: Any) -> Response:
        fields = inputs.EndpointInput(data=request.data)
        fields.is_valid(raise_exception=True)
        try:
            endpoint = services.create_endpoint(
                agency=self.agency, mode=self.mode, actor_id=self.actor_id, **fields.validated_data
            )
        except TooManyEndpoints:
            raise refusals.too_many_endpoints() from None
        return self.shown(endpoint.pk, 201)


class Endpoint(WebhookView):
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        return self.shown(endpoint_id)

    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id)
        fields = inputs.EndpointChange(data=request.data)
        fields.is_valid(raise_exception=True)
        services.change_endpoint(endpoint_id, actor_id=self.actor_id, **fields.validated_data)
        return self.shown(endpoint_id)

    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id)
        services.delete_endpoint(endpoint_id, actor_id=self.actor_id)
        return Response(status=204)


class Enable(WebhookView):
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id)
        services.enable_endpoint(endpoint_id, actor_id=self.actor_id)
        return self.shown(endpoint_id)


class RotateSecret(WebhookView):
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id)
        fields = inputs.RotateInput(data=request.data)
        fields.is_valid(raise_exception=True)
        overlap = timedelta(hours=fields.validated_data["overlap_hours"])
        secret = services.rotate_secret(endpoint_id, overlap=overlap, actor_id=self.actor_id)
        return Response({**self.shown(endpoint_id).data, "secret": secret})


class Test(WebhookView):
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id)
        try:
            delivery = services.send_ping(endpoint_id)
        except EndpointDisabled:
            raise refusals.endpoint_disabled() from None
        return Response(outputs.DeliveryOutput(delivery).data, 202)


class Deliveries(WebhookView):
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        endpoint = self.endpoint(endpoint_id)
        rows = selectors.deliveries_of(endpoint, **asked(inputs.DeliveryFilter, request))
        return paged(request, rows, outputs.DeliveryOutput)


class OneDelivery(WebhookView):
    def get(self, request: Request, endpoint_id: UUID, delivery_id: UUID) -> Response:
        delivery = self.delivery(endpoint_id, delivery_id)
        return Response(outputs.WholeDeliveryOutput(delivery).data)


class Resend(WebhookView):
    def post(self, request: Request, endpoint_id: UUID, delivery_id: UUID) -> Response:
        self.delivery(endpoint_id, delivery_id)
        try:
            resends.resend(endpoint_id, delivery_id)
        except EndpointDisabled:
            raise refusals.endpoint_disabled() from None
        except StillPending:
            raise refusals.still_pending() from None
        return Response(outputs.DeliveryOutput(self.delivery(endpoint_id, delivery_id)).data, 202)


class ResendFailed(WebhookView):
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id)
        fields = inputs.SinceInput(data=request.data)
        fields.is_valid(raise_exception=True)
        try:
            resent = resends.resend_failed(endpoint_id, fields.validated_data["since"])
        except EndpointDisabled:
            raise refusals.endpoint_disabled() from None
        return Response({"resent": resent}, 202)


class Events(KeyedView):
    scope = Scope.GENERATIONS_READ

    def get(self, request: Request) -> Response:
        rows = selectors.events_of(self.agency, self.mode, **asked(inputs.EventFilter, request))
        return paged(request, rows, outputs.EventOutput)


class OneEvent(KeyedView):
    scope = Scope.GENERATIONS_READ

    def get(self, request: Request, event_id: UUID) -> Response:
        try:
            event = selectors.event_of(self.agency, self.mode, event_id)
        except Event.DoesNotExist:
            raise refusals.unknown_event() from None
        return Response(outputs.EventOutput(event).data)

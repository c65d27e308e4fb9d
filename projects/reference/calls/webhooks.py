"""Webhook endpoints, their deliveries, and events."""

from django.utils.translation import gettext_lazy as _

from integrations.webhooks.api import inputs
from integrations.webhooks.api.outputs import DeliveryOutput, EndpointOutput, WholeDeliveryOutput
from projects.reference import examples as ex
from projects.reference import outputs
from projects.reference.operation import Answer, Operation

ENDPOINTS, EVENTS = "/api/v1/webhook-endpoints", "/api/v1/events"
ONE = ENDPOINTS + "/{endpoint_id}"
DELIVERY = ONE + "/deliveries/{delivery_id}"
TOPIC = "webhook-endpoints"
WITH_SECRET = {**ex.RECEIVER, "secret": ex.SECRET}

CALLS = {
    f"GET {ENDPOINTS}": Operation(
        name="listEndpoints",
        topic=TOPIC,
        summary=_("List endpoints"),
        description=_("The newest first. Secrets are not shown."),
        query_example={"limit": "20"},
        is_list=True,
        answers={200: Answer(outputs.page_of(EndpointOutput), _("A page."), ex.page(ex.RECEIVER))},
    ),
    f"POST {ENDPOINTS}": Operation(
        name="createEndpoint",
        topic=TOPIC,
        summary=_("Make an endpoint"),
        description=_(
            "A URL of yours that is told of events. Keep the `secret` of the answer: it is shown "
            "this once, and verifies what is sent to you."
        ),
        body=inputs.EndpointInput,
        example={
            "url": "https://example.org/parterre",
            "event_types": ["generation.succeeded", "generation.failed"],
        },
        answers={201: Answer(outputs.NewEndpointOutput, _("Made."), WITH_SECRET)},
        refusals=("too_many_endpoints",),
    ),
    f"GET {ONE}": Operation(
        name="getEndpoint",
        topic=TOPIC,
        summary=_("See an endpoint"),
        description=_("Also whether it is disabled, and why."),
        answers={200: Answer(EndpointOutput, _("The endpoint."), ex.RECEIVER)},
    ),
    f"PATCH {ONE}": Operation(
        name="changeEndpoint",
        topic=TOPIC,
        summary=_("Change an endpoint"),
        description=_("What is left out stays. Messages that wait follow a new `url`."),
        body=inputs.EndpointChange,
        example={"event_types": []},
        answers={200: Answer(EndpointOutput, _("Changed."), {**ex.RECEIVER, "event_types": []})},
    ),
    f"DELETE {ONE}": Operation(
        name="deleteEndpoint",
        topic=TOPIC,
        summary=_("Delete an endpoint"),
        description=_("Nothing more is sent to it, not even what waits."),
        answers={204: Answer(said=_("Deleted."))},
    ),
    f"POST {ONE}/enable": Operation(
        name="enableEndpoint",
        topic=TOPIC,
        summary=_("Enable an endpoint"),
        description=_("After it was disabled. What it missed: `resend-failed`."),
        answers={200: Answer(EndpointOutput, _("Enabled."), ex.RECEIVER)},
    ),
    f"POST {ONE}/rotate-secret": Operation(
        name="rotateSecret",
        topic=TOPIC,
        summary=_("Replace the secret"),
        description=_("For `overlap_hours` both sign, so that no message is refused meanwhile."),
        body=inputs.RotateInput,
        example={"overlap_hours": 24},
        answers={200: Answer(outputs.NewEndpointOutput, _("The new secret."), WITH_SECRET)},
    ),
    f"POST {ONE}/test": Operation(
        name="testEndpoint",
        topic=TOPIC,
        summary=_("Send a test message"),
        description=_("A `test.ping`, to this endpoint, whatever events it wants."),
        answers={
            202: Answer(
                DeliveryOutput,
                _("On its way."),
                {**ex.WAITING, "event_type": "test.ping", "subject_id": ex.ENDPOINT},
            )
        },
        refusals=("endpoint_disabled",),
    ),
    f"POST {ONE}/resend-failed": Operation(
        name="resendFailed",
        topic=TOPIC,
        summary=_("Send again what was not delivered"),
        description=_("Each message since then that failed gets ten more tries."),
        body=inputs.SinceInput,
        example={"since": "2026-11-26T00:00:00Z"},
        answers={202: Answer(outputs.ResentOutput, _("How many are on their way."), {"resent": 3})},
        refusals=("endpoint_disabled",),
    ),
    f"GET {ONE}/deliveries": Operation(
        name="listDeliveries",
        topic=TOPIC,
        summary=_("List deliveries"),
        description=_("The log of what was sent, the newest first, for 30 days."),
        query=inputs.DeliveryFilter,
        query_example={"state": "failed"},
        is_list=True,
        answers={200: Answer(outputs.page_of(DeliveryOutput), _("A page."), ex.page(ex.SENT))},
    ),
    f"GET {DELIVERY}": Operation(
        name="getDelivery",
        topic=TOPIC,
        summary=_("See a delivery"),
        description=_("With the body that was sent, and where to."),
        answers={
            200: Answer(
                WholeDeliveryOutput,
                _("The delivery."),
                {
                    **ex.SENT,
                    "url": "https://example.org/parterre",
                    "body": ex.EVENTS["generation.succeeded"],
                },
            )
        },
    ),
    f"POST {DELIVERY}/resend": Operation(
        name="resendDelivery",
        topic=TOPIC,
        summary=_("Send a delivery again"),
        description=_("Under the same `webhook-id`, with ten more tries."),
        answers={202: Answer(DeliveryOutput, _("On its way."), ex.WAITING)},
        refusals=("endpoint_disabled", "still_pending"),
    ),
    f"GET {EVENTS}": Operation(
        name="listEvents",
        topic="events",
        summary=_("List events"),
        description=_("What happened, for 30 days: the same objects that webhooks carry."),
        query=inputs.EventFilter,
        query_example={"type": "generation.failed"},
        is_list=True,
        answers={
            200: Answer(
                outputs.page_of(outputs.EventOutput),
                _("A page."),
                ex.page(ex.EVENTS["generation.succeeded"]),
            )
        },
    ),
    f"GET {EVENTS}/{{event_id}}": Operation(
        name="getEvent",
        topic="events",
        summary=_("See an event"),
        description=_("As it was told."),
        answers={
            200: Answer(outputs.EventOutput, _("The event."), ex.EVENTS["generation.succeeded"])
        },
    ),
}

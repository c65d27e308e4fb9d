"""How far the house is, by its rows; the database may be recovering."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import Error, close_old_connections, connection
from django.db.models import Q

from integrations.webhooks.models import Delivery, DeliveryState
from projects.choices import LIVE
from projects.models import Generation

Answer = TypeVar("Answer")


def counts() -> tuple[int, int]:
    """How many jobs there are, and how many of them have not ended."""
    rows = Generation.objects.all()
    return asked(lambda: (rows.count(), rows.filter(status__in=LIVE).count())) or (0, 0)


def rest(within_s: float) -> None:
    """Until nothing will move any more: no live job, no late look, no delivery. The jobs in one
    question: a late look that ends bears a live job, which the first of two would not have seen.
    Deliveries after them, since a job's last one is written as it ends."""
    moving = Q(status__in=LIVE) | Q(look_again_at__isnull=False)
    busy = [
        Generation.objects.filter(moving),
        Delivery.objects.filter(state=DeliveryState.PENDING),
    ]
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = asked(lambda: [rows.count() for rows in busy])
        if found and not any(found):
            return
        time.sleep(0.5)


def asked(question: Callable[[], Answer]) -> Answer | None:
    """None while the database does not answer."""
    try:
        close_old_connections()
        return question()
    except Error:
        connection.close()
        return None

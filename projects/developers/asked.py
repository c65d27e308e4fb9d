"""What the log of deliveries is narrowed to: all of it is in the address, to be passed on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.http import urlencode

from projects.developers.forms import HOURS, DeliveryFilter


@dataclass(frozen=True)
class Asked:
    state: str = ""
    type: str = ""
    endpoint: UUID | None = None
    since: str = ""

    @classmethod
    def by(cls, form: DeliveryFilter) -> "Asked":
        """What a form asks for; where it is wrong everything."""
        return cls(**form.cleaned_data) if form.is_valid() else cls()

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in vars(self).items() if value})

    @property
    def written_since(self) -> datetime | None:
        hours = HOURS.get(self.since)
        return timezone.now() - timedelta(hours=hours) if hours else None

    @property
    def where(self) -> dict[str, Any]:
        fields = {"state": self.state, "event_type": self.type, "endpoint_id": self.endpoint}
        return {name: value for name, value in fields.items() if value}

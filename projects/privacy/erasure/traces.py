"""Names in rows that stay: the audit trail, and the admin's own log."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Agency, AuditEntry, Notification, StaffNote, StaffProposal

# In one statement: SQLite takes no more.
BATCH = 500


def blank_audit(agency: Agency) -> None:
    """Who did what, to which id, and when, stays: by ids."""
    AuditEntry.objects.for_agency(agency).update(reason="", detail={})


def blank_address(address: str) -> None:
    """Wherever an e-mail address stands in what is told of somebody to others."""
    _naming(AuditEntry, address, "detail", "reason").update(reason="", detail={})
    _naming(Notification, address, "facts").delete()
    _naming(StaffNote, address, "text").delete()
    _naming(StaffProposal, address, "fields", "reason").delete()


def _naming(model: Any, address: str, *fields: str) -> QuerySet[Any]:
    """Not those that name jean-bob@example.org when bob@example.org is looked for."""
    whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    texts: list[Any] = [Cast(field, TextField()) for field in fields]
    rows = model.objects.annotate(said=Concat(*texts, Value(""), output_field=TextField()))
    found = rows.filter(said__icontains=address).values_list("pk", "said")
    return model.objects.filter(pk__in=[pk for pk, said in found if whole.search(said)])  # type: ignore[no-any-return]


def blank_admin_log(ids: Iterable[UUID]) -> None:
    """It keeps what a row was called when staff changed it."""
    texts = [str(pk) for pk in ids]
    for start in range(0, len(texts), BATCH):
        rows = LogEntry.objects.filter(object_id__in=texts[start : start + BATCH])
        rows.update(object_repr="", change_message="")

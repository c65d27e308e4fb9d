"""How an agency's pictures are shown, and how much of them is kept."""

from functools import partial

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.kept_bytes import GIB, bytes_of
from accounts.models import Agency
from accounts.services import set_restore_outside, set_storage
from accounts.staff.command import Command, Fields, NotNow, Press, ReasonForm


def _set(agency: Agency, press: Press, on: bool) -> bool:
    return set_restore_outside(agency=agency, on=on, actor_id=press.actor_id, reason=press.reason)


def _is_not(agency: Agency, on: bool) -> None:
    if agency.restore_outside is on:
        raise NotNow(_("It is so already."))


RESTORE = Command(
    "restore_outside",
    Agency,
    gettext_lazy("Paste the photo back outside the zone"),
    gettext_lazy(
        "From the next picture on, these agencies' pages show the photo outside the zone."
    ),
    partial(_set, on=True),
    check=partial(_is_not, on=True),
)
LEAVE = Command(
    "leave_outside",
    Agency,
    gettext_lazy("Show pictures as iacrea made them"),
    gettext_lazy("From the next picture on, these agencies' pages show pictures as they come."),
    partial(_set, on=False),
    check=partial(_is_not, on=False),
)


class StorageForm(ReasonForm):
    gigabytes = forms.IntegerField(
        label=gettext_lazy("GB"),
        help_text=gettext_lazy("Empty: as much as every agency has."),
        min_value=1, max_value=1_000_000, required=False,
    )  # fmt: skip
    field_order = ("gigabytes", "reason")
    decides = ("gigabytes",)


def _storage_effect(agency: Agency, fields: Fields) -> str:
    now = bytes_of(agency.storage_gb) // GIB
    if "gigabytes" not in fields:
        return _("%(now)s GB now") % {"now": now}
    then = fields["gigabytes"] or settings.STORAGE_PER_AGENCY_GB
    return _("%(now)s → %(then)s GB") % {"now": now, "then": then}


def _set_storage(agency: Agency, press: Press) -> bool:
    return set_storage(
        agency=agency, gigabytes=press.fields["gigabytes"], actor_id=press.actor_id,
        reason=press.reason,
    )  # fmt: skip


STORAGE = Command(
    "set_storage",
    Agency,
    gettext_lazy("Change the room for photos"),
    gettext_lazy(
        "So much may photos, zones and pictures of each of these agencies take. Above it nothing "
        "new is taken; nothing is deleted."
    ),
    _set_storage,
    form_class=StorageForm,
    effect=_storage_effect,
)

"""Photos that staff give and take: in the ledger by a code, in the audit trail by their words."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import photo_requests
from accounts.choices import Mode, StaffReason
from accounts.exceptions import NoPhotosLeft
from accounts.grants import adjust_once, grant_once, moved_in_a_day
from accounts.models import Agency, PhotoRequest
from accounts.quota import lock_quota
from accounts.selectors import quota_of
from accounts.staff.command import MONEY, Command, Fields, NotNow, Press, ReasonForm

# More than these in a day need a second person: for one agency, by whomever they were moved.
ALONE = 50


def change_of(agency: Agency, mode: Mode, change: int) -> str:
    """What the agency has before and after."""
    before = quota_of(agency, mode).available
    if change < -before:
        raise NotNow(_("The agency has %(count)s photos that nobody holds.") % {"count": before})
    told = {"agency": agency, "mode": mode.label, "before": before, "after": before + change}
    return _("%(agency)s, %(mode)s: %(before)s → %(after)s photos") % told


class PhotosForm(ReasonForm):
    photos = forms.IntegerField(label=gettext_lazy("Photos"), min_value=1, max_value=100_000)
    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=Mode.choices)
    code = forms.ChoiceField(label=gettext_lazy("Why"), choices=StaffReason.choices)
    field_order = ("photos", "mode", "code", "reason")
    decides = ("photos", "mode")


def _effect(agency: Agency, fields: Fields, sign: int) -> str:
    mode = Mode(fields.get("mode", Mode.LIVE))
    if "photos" in fields:
        return change_of(agency, mode, sign * fields["photos"])
    has = {"mode": mode.label, "count": quota_of(agency, mode).available}
    return _("%(mode)s: %(count)s photos now") % has


def _is_much(agency: Agency, mode: Mode, photos: int, fields: Fields) -> bool:
    return photos + moved_in_a_day(agency, mode, besides=fields["once"]) > ALONE


def _many(agency: Agency, fields: Fields) -> bool:
    return _is_much(agency, Mode(fields["mode"]), int(fields["photos"]), fields)


@contextmanager
def _in_turn(agency: Agency, mode: Mode) -> Iterator[None]:
    """Of two presses at once the second must add up what the first has moved."""
    with transaction.atomic():
        lock_quota(agency.pk, mode)
        yield


def _turn_of(agency: Agency, fields: Fields) -> AbstractContextManager[None]:
    return _in_turn(agency, Mode(fields["mode"]))


def _moved(press: Press) -> dict[str, Any]:
    return {
        "mode": Mode(press.fields["mode"]), "photos": press.fields["photos"],
        "reason": StaffReason(press.fields["code"]), "note": press.reason,
        "actor_id": press.actor_id, "form_id": press.fields["once"],
    }  # fmt: skip


def _take(agency: Agency, press: Press) -> bool:
    try:
        return adjust_once(agency=agency, **_moved(press))
    except NoPhotosLeft as few:
        told = {"count": few.available}
        raise NotNow(_("The agency has %(count)s photos that nobody holds.") % told) from None


GRANT = Command(
    "grant_photos",
    Agency,
    gettext_lazy("Give photos"),
    gettext_lazy("Each of these agencies gets as many photos, usable for ever."),
    lambda agency, press: grant_once(agency=agency, **_moved(press)),
    permission=MONEY,
    form_class=PhotosForm,
    effect=lambda agency, fields: _effect(agency, fields, 1),
    second_person=_many,
    turn=_turn_of,
)
TAKE = Command(
    "take_photos",
    Agency,
    gettext_lazy("Take photos away"),
    gettext_lazy("Photos that nobody holds, those that expire first. What was charged stays so."),
    _take,
    permission=MONEY,
    form_class=PhotosForm,
    effect=lambda agency, fields: _effect(agency, fields, -1),
    second_person=_many,
    turn=_turn_of,
)


class AnswerForm(ReasonForm):
    photos = forms.IntegerField(
        label=gettext_lazy("Photos"),
        help_text=gettext_lazy("Empty: as many as each of them asks for."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    invoice_reference = forms.CharField(label=gettext_lazy("Invoice reference"), max_length=60)
    field_order = ("photos", "invoice_reference", "reason")
    decides = ("photos",)


def _asked(row: PhotoRequest, fields: Fields) -> int:
    return int(fields.get("photos") or row.photos)


def _is_open(row: PhotoRequest) -> None:
    if row.closed_at:
        raise NotNow(_("It was closed on %(day)s.") % {"day": f"{row.closed_at:%Y-%m-%d}"})


def _is_much_asked(row: PhotoRequest, fields: Fields) -> bool:
    """One that is closed moves nothing."""
    photos = _asked(row, fields)
    return row.closed_at is None and _is_much(row.agency, Mode.LIVE, photos, fields)


def _answer(row: PhotoRequest, press: Press) -> bool:
    return photo_requests.answer_with_pack(
        row,
        photos=_asked(row, press.fields),
        invoice_reference=press.fields["invoice_reference"],
        actor_id=press.actor_id,
        reason=press.reason,
    )


ANSWER = Command(
    "answer_with_pack",
    PhotoRequest,
    gettext_lazy("Answer with a pack"),
    gettext_lazy("Each of these agencies gets a pack of photos, usable for ever, and is told so."),
    _answer,
    permission=MONEY,
    form_class=AnswerForm,
    check=_is_open,
    effect=lambda row, fields: change_of(row.agency, Mode.LIVE, _asked(row, fields)),
    second_person=_is_much_asked,
    turn=lambda row, _fields: _in_turn(row.agency, Mode.LIVE),
)
CLOSE_REQUEST = Command(
    "close_request",
    PhotoRequest,
    gettext_lazy("Close without photos"),
    gettext_lazy("These agencies get nothing for it, and may ask again."),
    lambda row, press: photo_requests.close_without(
        row, actor_id=press.actor_id, reason=press.reason
    ),
    check=_is_open,
)

"""How an agency's pictures are shown."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from accounts.services import set_restore_outside
from accounts.staff.command import Command, NotNow, Press


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

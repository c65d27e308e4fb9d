"""What support staff may do to an account at iacrea."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff.command import Command, NotNow, Press
from integrations.iacrea.accounts import pause_by_staff, resume_by_staff
from integrations.iacrea.models import IacreaAccount


def _is_held_up(account: IacreaAccount) -> None:
    held = (account.paused_at, account.tripped_until, account.sends_wait_until)
    if not any((*held, account.gets_wait_until)):
        raise NotNow(_("Nothing holds it up."))


def _runs(account: IacreaAccount) -> None:
    if account.paused_at:
        raise NotNow(_("It is paused: %(why)s") % {"why": account.pause_reason})


def _resume(account: IacreaAccount, press: Press) -> bool:
    return resume_by_staff(account, actor_id=press.actor_id, reason=press.reason)


def _pause(account: IacreaAccount, press: Press) -> bool:
    return pause_by_staff(account, actor_id=press.actor_id, reason=press.reason)


COMMANDS = (
    Command(
        "resume",
        IacreaAccount,
        gettext_lazy("Send again with this account"),
        gettext_lazy(
            "What holds these accounts up ends now: a pause, a wait that iacrea asked for, a"
            " breaker."
        ),
        _resume,
        check=_is_held_up,
    ),
    Command(
        "pause_account",
        IacreaAccount,
        gettext_lazy("Pause"),
        gettext_lazy(
            "Nothing more is sent with these accounts until staff resume them. Jobs wait, with"
            " their photos held; what iacrea is making goes on."
        ),
        _pause,
        check=_runs,
    ),
)

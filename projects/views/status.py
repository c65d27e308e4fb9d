"""How the picture service does, in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from projects.iacrea_words import Line
from projects.service_state import ServiceState, Upstream, state_for
from projects.views.access import member_required, workplace

MINUTE = 60


@require_safe
@member_required
def status(request: HttpRequest) -> HttpResponse:
    state = state_for(workplace(request).agency)
    pictures = state.pictures
    context = {
        "state": state,
        "upstream": _upstream(state),
        "worker": _worker(state),
        "usual": _time(pictures.usual) if pictures.usual is not None else "",
        "late": _time(pictures.late) if pictures.late is not None else "",
    }
    return render(request, "help/status.html", context)


def _upstream(state: ServiceState) -> str:
    """Of the agency's own account the reason of a pause too; the operator's is the operator's."""
    account = state.account
    if state.upstream == Upstream.PAUSED and account and account.agency_id:
        return Line(account).why
    return _words()[state.upstream]


def _words() -> dict[Upstream, str]:
    return {
        Upstream.NO_ACCOUNT: _(
            "No account at iacrea is connected, so no picture can be made. Ask an owner of your "
            "agency."
        ),
        Upstream.PAUSED: _(
            "The account that makes your pictures is paused. New pictures wait; the operator has "
            "been told."
        ),
        Upstream.NO_ANSWER: _(
            "The picture service did not answer several times in a row. It is tried again every "
            "half minute, and your pictures wait."
        ),
        Upstream.BUSY: _("The picture service asks us to send more slowly. Your pictures wait."),
        Upstream.ANSWERS: _("The picture service answers."),
        Upstream.UNKNOWN: _(
            "No picture arrived in the last 24 hours, so nothing is known of the picture service."
        ),
    }


def _worker(state: ServiceState) -> str:
    if not state.worker_runs:
        return _(
            "Our own worker does not answer: nothing is sent or fetched at the moment. It is "
            "started again by itself; no photo is lost."
        )
    if state.seen_s is None:
        return _("Our own worker runs.")
    return _("Our own worker runs. Its last sign of life: %(time)s ago.") % {
        "time": _time(state.seen_s)
    }


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < MINUTE:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": whole}
    return _("%(minutes)s min %(seconds)s s") % {
        "minutes": whole // MINUTE, "seconds": f"{whole % MINUTE:02}",
    }  # fmt: skip

"""What support staff may do to a job, and to what was reported of one."""

from uuid import uuid5

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Mode, StaffReason
from accounts.selectors import quota_of
from accounts.staff.command import MONEY, Command, Fields, NotNow, Press, ReasonForm
from accounts.staff.commands.photos import change_of
from projects import complaints, discrepancies, free_retry, support
from projects.models import Complaint, Discrepancy, Generation


class BindForm(ReasonForm):
    upstream_id = forms.CharField(label=gettext_lazy("Its id at iacrea"), max_length=200)
    field_order = ("upstream_id", "reason")

    def clean_upstream_id(self) -> str:
        upstream_id: str = self.cleaned_data["upstream_id"]
        if not upstream_id.isprintable():
            raise forms.ValidationError(_("This is no id of iacrea."))
        return upstream_id


# The first is what it mostly is.
REFUNDS = [
    (code.value, code.label)
    for code in (
        StaffReason.BAD_PICTURE, StaffReason.OUTAGE, StaffReason.COURTESY, StaffReason.CORRECTION,
    )
]  # fmt: skip


class RefundForm(ReasonForm):
    code = forms.ChoiceField(label=gettext_lazy("Why"), choices=REFUNDS)
    field_order = ("code", "reason")


def _release(job: Generation, press: Press) -> bool:
    return support.release(job, actor_id=press.actor_id, reason=press.reason)


def _poll_now(job: Generation, press: Press) -> bool:
    return support.poll_now(job, actor_id=press.actor_id, reason=press.reason)


def _bind(job: Generation, press: Press) -> bool:
    named = press.fields["upstream_id"]
    return support.bind(job, named, actor_id=press.actor_id, reason=press.reason)


def _refund(job: Generation, press: Press) -> bool:
    code = StaffReason(press.fields["code"])
    return support.refund(job, code=code, actor_id=press.actor_id, reason=press.reason)


def _retry(job: Generation, press: Press) -> bool:
    # Of each row of a list its own: the page is one.
    new_id = uuid5(press.fields["once"], str(job.pk))
    return free_retry.retry(job, new_id=new_id, actor_id=press.actor_id, reason=press.reason)


def _held_comes_back(job: Generation, _fields: Fields) -> str:
    return change_of(job.agency, Mode(job.mode), job.price)


def _charged_comes_back(job: Generation, _fields: Fields) -> str:
    return change_of(job.agency, Mode(job.mode), job.charged)


def _given_and_held(job: Generation, _fields: Fields) -> str:
    told = {
        "photos": free_retry.price_of(job),
        "count": quota_of(job.agency, Mode(job.mode)).available,
    }
    what = _("Photos given as goodwill, held for the new picture: %(photos)s. %(count)s stay.")
    return what % told


def _is_open(row: Discrepancy | Complaint) -> None:
    if row.closed_at:
        raise NotNow(_("It was closed on %(day)s.") % {"day": f"{row.closed_at:%Y-%m-%d}"})


COMMANDS = (
    Command(
        "refund",
        Generation,
        gettext_lazy("Give the charged photos back"),
        gettext_lazy("Each of these agencies gets the photos of its job once more, for ever."),
        _refund,
        permission=MONEY,
        form_class=RefundForm,
        check=support.check_refundable,
        effect=_charged_comes_back,
    ),
    Command(
        "poll_now",
        Generation,
        gettext_lazy("Ask iacrea now"),
        gettext_lazy("iacrea is asked how these jobs are."),
        _poll_now,
        check=support.check_pollable,
    ),
    Command(
        "release",
        Generation,
        gettext_lazy("Mark as failed and give the photos back"),
        gettext_lazy(
            "These jobs end now. What was held for them is given back; iacrea may have taken its"
            " photo."
        ),
        _release,
        check=support.check_endable,
        effect=_held_comes_back,
    ),
    Command(
        "bind",
        Generation,
        gettext_lazy("Bind to a job of iacrea"),
        gettext_lazy(
            "iacrea took this job and its answer was lost. It goes on as the job with this id"
            " there."
        ),
        _bind,
        form_class=BindForm,
        check=support.check_bindable,
    ),
    Command(
        "retry_free",
        Generation,
        gettext_lazy("Make it again, free"),
        gettext_lazy("The same photo and zone, for the same member. The agency pays nothing."),
        _retry,
        permission=MONEY,
        check=free_retry.check,
        effect=_given_and_held,
    ),
    Command(
        "close_discrepancy",
        Discrepancy,
        gettext_lazy("Close"),
        gettext_lazy("Say what iacrea's books show: was its photo taken, and was it given back?"),
        lambda row, press: discrepancies.close(row, actor_id=press.actor_id, reason=press.reason),
        check=_is_open,
    ),
    Command(
        "close_complaint",
        Complaint,
        gettext_lazy("Close"),
        gettext_lazy(
            "Say what you found. To give photos back, go to the generation: its page has the"
            " button."
        ),
        lambda row, press: complaints.close(row, actor_id=press.actor_id, reason=press.reason),
        check=_is_open,
    ),
)

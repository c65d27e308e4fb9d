"""What the rules of projects refuse, each with its stable code. Imports nothing of ours."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _


class NotAccepted(Exception):
    """A job that was not accepted: nothing was stored, nothing charged."""

    code = "not_accepted"
    message = _("This job cannot be accepted.")

    def __str__(self) -> str:
        return str(self.message)


class SourceNotReady(NotAccepted):
    code = "source_not_ready"
    message = _(
        "A variation needs a finished picture, and this one failed or is still being made. "
        "Wait for its end, or start from the photo."
    )


class SourceGone(NotAccepted):
    code = "source_gone"
    message = _("This picture was erased. Start again from a photo.")


class SourceWithoutPhoto(NotAccepted):
    code = "source_without_photo"
    message = _(
        "This picture was made at iacrea, and its photo was not brought along. Start from the "
        "photo, or ask by generate-variation with its original_url."
    )


class NoUpstream(NotAccepted):
    code = "upstream_not_configured"
    message = _(
        "No iacrea account can take this job. Ask an owner of your agency to add one, or support."
    )


class TestModeUnavailable(NotAccepted):
    code = "test_mode_unavailable"
    message = _("Test keys work only where an emulator is configured. Use a live key.")


class MemberCapReached(NotAccepted):
    code = "member_cap_reached"
    message = _(
        "This member has used the photos that they may use this month. Nothing was started or "
        "charged. Ask an owner or manager of your agency for more."
    )


class AboveLimit(NotAccepted):
    """Of what one agency may have; the message says how much."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        return str(self.message) % {"most": self.said()}

    def said(self) -> str:
        return str(self.most)


class TooManyJobs(AboveLimit):
    code = "too_many_jobs"
    message = _(
        "%(most)s pictures of your agency wait or are being made, and no more may at once. "
        "Nothing was started or charged. Wait until some are ready, or cancel some that wait."
    )


class StorageFull(AboveLimit):
    """`most` in bytes."""

    code = "storage_full"
    message = _(
        "The photos and pictures of your agency fill the %(most)s that it may keep. Nothing was "
        "stored or charged. Delete projects that you no longer need, or ask support for more room."
    )

    def said(self) -> str:
        return filesizeformat(self.most)

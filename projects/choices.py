"""The words that projects store. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoomType(TextChoices):
    TERRACE = "TERRACE", _("Terrace")
    POOL = "POOL", _("Pool")
    PETANQUE = "PETANQUE", _("Pétanque court")


class Status(TextChoices):
    """A generation's eight statuses: docs/lifecycle.md. The last three never change."""

    QUEUED = "QUEUED", _("Waiting")
    SUBMITTING = "SUBMITTING", _("Being sent")
    UNCONFIRMED = "UNCONFIRMED", _("Unconfirmed")
    PROCESSING = "PROCESSING", _("In progress")
    ARCHIVING = "ARCHIVING", _("Finishing")
    SUCCEEDED = "SUCCEEDED", _("Ready")
    FAILED = "FAILED", _("Failed")
    CANCELED = "CANCELED", _("Canceled")


TERMINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELED})
LIVE = frozenset(Status) - TERMINAL


class FailureCode(TextChoices):
    INVALID_INPUT = "invalid_input", _("The photo or the zone cannot be used.")
    UPSTREAM_UNAVAILABLE = "upstream_unavailable", _("The picture service could not be reached.")
    GENERATION_FAILED = "generation_failed", _("The picture service could not make this picture.")
    OUTCOME_UNKNOWN = "outcome_unknown", _("The picture service never confirmed this job.")
    TIMED_OUT = "timed_out", _("The picture service did not finish in time.")
    RESULT_LOST = "result_lost", _("The pictures were made but could not be fetched.")
    CANCELED = "canceled", _("Canceled.")


class UploadKind(TextChoices):
    PHOTO = "photo", _("Photo")
    MASK = "mask", _("Zone")


class Source(TextChoices):
    DASHBOARD = "dashboard", _("Dashboard")
    API = "api", _("API")
    COMMAND = "command", _("Command")
    IMPORT = "import", _("From iacrea")  # made there before the agency came


class AttemptOutcome(TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    NOT_SENT = "not_sent", _("Not sent")
    RATE_LIMITED = "rate_limited", _("Rate limited")
    ACCOUNT_FAULT = "account_fault", _("Account at fault")
    REFUSED = "refused", _("Refused")
    UNCLEAR = "unclear", _("Unclear")


class WrongReason(TextChoices):
    """What an agency finds wrong with a picture."""

    NOT_THE_ZONE = "not_the_zone", _("The zone was not respected.")
    OUTSIDE_CHANGED = "outside_changed", _("Something outside the zone has changed.")
    NOT_BELIEVABLE = "not_believable", _("Nobody would believe it.")
    WRONG_TYPE = "wrong_type", _("It is not what was asked for.")
    OTHER = "other", _("Something else.")

"""The words that accounts store. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    LIVE = "live", _("Live")
    TEST = "test", _("Test")


class Role(TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")
    INTEGRATOR = "integrator", _("Integrator")


class LotSource(TextChoices):
    SUBSCRIPTION = "subscription", _("Subscription")
    PACK = "pack", _("Pack")
    TRIAL = "trial", _("Trial")
    GOODWILL = "goodwill", _("Goodwill")


class EntryKind(TextChoices):
    GRANT = "grant", _("Granted")
    HOLD = "hold", _("Held")
    CAPTURE = "capture", _("Charged")
    RELEASE = "release", _("Given back")
    EXPIRE = "expire", _("Expired")
    ADJUST = "adjust", _("Adjusted")


class StaffReason(TextChoices):
    """Why staff moved photos. The ledger keeps the code; their own words are in the audit trail."""

    PURCHASE = "purchase", _("Bought")
    COURTESY = "courtesy", _("Courtesy")
    BAD_PICTURE = "bad_picture", _("Bad picture")
    OUTAGE = "outage", _("Outage")
    CORRECTION = "correction", _("Correction of a mistake")
    CONTRACT_ENDED = "contract_ended", _("End of contract")


class Scope(TextChoices):
    GENERATIONS_READ = "generations:read"
    GENERATIONS_WRITE = "generations:write"
    PROJECTS_WRITE = "projects:write"
    QUOTA_READ = "quota:read"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    WEBHOOKS_WRITE = "webhooks:write"

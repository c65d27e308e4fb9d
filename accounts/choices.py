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


class NotificationKind(TextChoices):
    """What a member can be told: accounts/notifications.py has who may switch it off, and
    docs/notifications.md the facts of each."""

    READY = "ready", _("A picture is ready")
    FAILED = "failed", _("A picture failed, and its photo was given back")
    APPROVED = "approved", _("A client approved a picture")
    COMMENTED = "commented", _("A client commented")
    QUOTA_LOW = "quota_low", _("Few photos are left")
    QUOTA_EXHAUSTED = "quota_exhausted", _("No photo is left")
    PHOTOS_GRANTED = "photos_granted", _("Photos were added")
    ENDPOINT_DISABLED = "endpoint_disabled", _("A webhook was switched off")
    KEY_CREATED = "key_created", _("An API key was created")
    PASSWORD_CHANGED = "password_changed", _("A password was changed")
    SECOND_FACTOR = "second_factor", _("Two-step sign-in was changed")
    SIGNED_IN = "signed_in", _("A sign-in from a new browser")


class Scope(TextChoices):
    GENERATIONS_READ = "generations:read"
    GENERATIONS_WRITE = "generations:write"
    PROJECTS_WRITE = "projects:write"
    QUOTA_READ = "quota:read"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    WEBHOOKS_WRITE = "webhooks:write"

from accounts.models.agency import Agency, Membership
from accounts.models.api_key import ApiKey
from accounts.models.api_request import ApiRequest
from accounts.models.audit import AuditEntry
from accounts.models.branding import Branding
from accounts.models.idempotency import IdempotentAnswer
from accounts.models.invitation import Invitation
from accounts.models.kept_bytes import KeptBytes
from accounts.models.ledger import LedgerEntry
from accounts.models.lot import PhotoLot, PhotoQuota
from accounts.models.notification import Notification, NotificationChoice
from accounts.models.photo_request import PhotoRequest
from accounts.models.plan import Plan
from accounts.models.rate_window import RateWindow
from accounts.models.staff import StaffNote, StaffProposal
from accounts.models.user import User

__all__ = [
    "Agency",
    "ApiKey",
    "ApiRequest",
    "AuditEntry",
    "Branding",
    "IdempotentAnswer",
    "Invitation",
    "KeptBytes",
    "LedgerEntry",
    "Membership",
    "Notification",
    "NotificationChoice",
    "PhotoLot",
    "PhotoQuota",
    "PhotoRequest",
    "Plan",
    "RateWindow",
    "StaffNote",
    "StaffProposal",
    "User",
]

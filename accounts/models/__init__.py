from accounts.models.agency import Agency, Membership
from accounts.models.api_key import ApiKey
from accounts.models.audit import AuditEntry
from accounts.models.ledger import LedgerEntry, PhotoLot, PhotoQuota
from accounts.models.user import User

__all__ = [
    "Agency",
    "ApiKey",
    "AuditEntry",
    "LedgerEntry",
    "Membership",
    "PhotoLot",
    "PhotoQuota",
    "User",
]

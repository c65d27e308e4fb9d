"""All that is kept of one agency, but for what opens a door: no key, no secret, no token."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from accounts.models import (
    Agency,
    ApiKey,
    ApiRequest,
    AuditEntry,
    Branding,
    Invitation,
    LedgerEntry,
    Membership,
    Notification,
    PhotoLot,
    PhotoQuota,
    PhotoRequest,
    Plan,
)
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.models import Delivery, DeliveryAttempt, Event, WebhookEndpoint
from projects.models import (
    Approval,
    Attempt,
    ClientComment,
    Complaint,
    Discrepancy,
    Generation,
    GenerationEvent,
    Picture,
    Project,
    SharedGeneration,
    ShareLink,
    Upload,
)
from projects.privacy.json_lines import Row, Section

# Rows of a list that are read at once.
CHUNK = 500
# What a model's rows tell: a new model is added here, or tests/privacy/test_export.py says so.
FIELDS: dict[str, tuple[Any, str, str]] = {
    "plan": (Plan, "agency", "photos_per_month created_at"),
    "balances": (PhotoQuota, "agency", "mode available held consumed"),
    "lots": (
        PhotoLot, "agency",
        "id mode source period usable_until available held consumed created_at",
    ),
    "ledger": (
        LedgerEntry, "agency",
        "id mode lot_id kind quantity generation_id actor_id reason created_at",
    ),
    "photo_requests": (
        PhotoRequest, "agency",
        "id author_id photos message invoice_reference created_at closed_at",
    ),
    "branding": (Branding, "agency", "accent contact footer always_labelled updated_at"),
    "api_keys": (
        ApiKey, "agency",
        "id mode name prefix scopes created_at expires_at revoked_at last_used_at",
    ),
    "api_calls": (
        ApiRequest, "agency",
        "id api_key_id called_at method path query status code faults fields subject_id request_id"
        " idempotency_key address milliseconds",
    ),
    "invitations": (
        Invitation, "agency",
        "id author_id email role language created_at expires_at accepted_at revoked_at",
    ),
    "iacrea_accounts": (
        IacreaAccount, "agency",
        "id membership_id name iacrea_user_id base_url built_in created_at retired_at",
    ),
    "webhook_endpoints": (
        WebhookEndpoint, "agency",
        "id mode url description event_types created_at disabled_at disabled_reason deleted_at",
    ),
    "events": (Event, "agency", "id mode type subject_id body created_at"),
    "deliveries": (
        Delivery, "agency",
        "id mode event_id endpoint_id event_type subject_id url body state attempts status_code"
        " error created_at ended_at",
    ),
    "delivery_attempts": (
        DeliveryAttempt, "delivery__agency",
        "delivery_id number ended_at milliseconds status_code error answer_head",
    ),
    "projects": (
        Project, "agency",
        "id mode title author_id photo_id draft created_at updated_at removed_at erased_at",
    ),
    "uploads": (
        Upload, "agency",
        "id mode kind file width height size sha256 operations created_at last_used_at",
    ),
    "generations": (
        Generation, "agency",
        "id mode project_id author_id source parent_id root_id recovered_from_id room_type photo_id"
        " mask_id image_url mask_url width height webhook polygon metadata price charged status"
        " failure_code failure_detail favourite note upstream_origin upstream_id result_urls"
        " created_at ended_at removed_at erased_at",
    ),
    "attempts": (
        Attempt, "generation__agency",
        "generation_id number opened_at ended_at outcome upstream_id evidence",
    ),
    "story": (GenerationEvent, "generation__agency", "generation_id kind detail created_at"),
    "pictures": (
        Picture, "agency",
        "id generation_id position file restored content_type width height size sha256"
        " outside_changed created_at",
    ),
    "complaints": (
        Complaint, "agency", "id generation_id author_id reason text created_at closed_at",
    ),
    "discrepancies": (Discrepancy, "agency", "id generation_id code reason created_at closed_at"),
    "share_links": (
        ShareLink, "agency",
        "id mode project_id author_id created_at expires_at revoked_at views last_viewed_at",
    ),
    "shared_pictures": (SharedGeneration, "link__agency", "link_id generation_id position"),
    "approvals": (
        Approval, "link__agency",
        "id link_id generation_id picture_sha256 name network created_at withdrawn_at",
    ),
    "comments": (
        ClientComment, "link__agency",
        "id link_id generation_id answers_id author_id name text network created_at withdrawn_at",
    ),
    "notifications": (
        Notification, "member__agency", "member_id kind facts created_at read_at",
    ),
    "audit": (
        AuditEntry, "agency", "id actor_id action target reason detail created_at",
    ),
}  # fmt: skip


def sections_of(agency: Agency) -> Iterator[Section]:
    names = (
        "id", "name", "restore_outside", "mfa_required_since", "kept_months", "storage_gb",
        "created_at",
    )  # fmt: skip
    yield "agency", _values(Agency.objects.filter(pk=agency.pk), names)
    yield "members", _members(agency)
    for name, (model, whose, fields) in FIELDS.items():
        yield name, _values(model.objects.filter(**{whose: agency}), fields.split())


def uploads_of(agency: Agency) -> Iterator[Upload]:
    rows = Upload.objects.filter(agency=agency).defer("operations").order_by("created_at")
    return rows.iterator(CHUNK)


def pictures_of(agency: Agency) -> Iterator[Picture]:
    return Picture.objects.filter(agency=agency).order_by("created_at").iterator(CHUNK)


def _members(agency: Agency) -> Iterable[Row]:
    rows = Membership.objects.for_agency(agency)
    # As their colleagues see them: accounts.models.Membership.shown_name.
    name = Case(When(joined_at=None, then=Value("")), default=F("user__name"))
    rows = rows.annotate(name=name, email=F("user__email"))
    return _values(
        rows,
        ("id", "user_id", "name", "email", "role", "iacrea_user_id", "monthly_cap", "created_at",
         "removed_at", "joined_at"),
    )  # fmt: skip


def _values(rows: QuerySet[Any], names: Iterable[str]) -> Iterable[Row]:
    """In the order of a stable key, so that two exports can be compared."""
    values: Iterable[Row] = rows.order_by("pk").values(*names).iterator(CHUNK)
    return values

"""How an agency looks to its clients: its logo, colour and lines, and its policy on labels."""

import hashlib
import re
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts import colours
from accounts.audit import record
from accounts.choices import Role
from accounts.exceptions import OwnersOnly
from accounts.models import Agency, Branding, Membership
from integrations.doors.images import NormalisedImage

# As they are stored; the storage adds something behind a digest that is taken (while the file of a
# logo that was removed a moment ago still goes).
LOGO_NAME = re.compile(r"logos/[0-9a-f]{32}-([0-9a-f]{32})(?:_\w+)?\.png")
LOOK = ("accent", "contact", "footer")


def branding_of(agency: Agency) -> Branding:
    """The agency's; an unsaved one that says nothing while it has none."""
    return Branding.objects.filter(agency=agency).first() or Branding(agency=agency)


def public_branding(agency_id: UUID) -> Branding:
    """For its logo and its theme, which anybody may see who knows their digest."""
    return Branding.objects.get(agency_id=agency_id)


def is_always_labelled(agency: Agency) -> bool:
    """Without a query where the agency came with its member (accounts/selectors.py)."""
    row: Branding | None = getattr(agency, "branding", None)
    return bool(row and row.always_labelled)


@transaction.atomic
def change_branding(
    *, agency: Agency, actor_id: str, logo: NormalisedImage | None, **look: str
) -> None:
    """All that a page sends: a new logo, if any, and what change_look() takes."""
    change_look(agency=agency, actor_id=actor_id, **look)
    if logo:
        set_logo(agency=agency, actor_id=actor_id, logo=logo)


@transaction.atomic
def change_look(*, agency: Agency, actor_id: str, **look: str) -> bool:
    """Set `accent` ("#rrggbb" or empty), `contact`, `footer`; False: they were so already."""
    row = _locked(agency)
    changed = {name: look[name] for name in LOOK if getattr(row, name) != look[name]}
    if changed:
        _write(row, "branding.changed", actor_id, changed, **changed)
    return bool(changed)


@transaction.atomic
def set_logo(*, agency: Agency, actor_id: str, logo: NormalisedImage) -> bool:
    """Show this PNG (integrations/doors/logos.py) from now on; False: it is shown already. The file
    of a change that is rolled back has no row: the nightly sweep takes it."""
    row, digest = _locked(agency), logo.sha256[:32]
    if logo_digest(row) == digest:
        return False
    old = str(row.logo.name or "")
    name = default_storage.save(f"logos/{agency.pk.hex}-{digest}.png", ContentFile(logo.data))
    size = {"logo_width": logo.width, "logo_height": logo.height}
    _write(row, "branding.logo_set", actor_id, {"sha256": logo.sha256, **size}, logo=name, **size)
    _delete_after_commit(old)
    return True


@transaction.atomic
def remove_logo(*, agency: Agency, actor_id: str) -> bool:
    """False: there is none."""
    row = _locked(agency)
    old = str(row.logo.name or "")
    if not old:
        return False
    gone: dict[str, Any] = {"logo": "", "logo_width": 0, "logo_height": 0}
    _write(row, "branding.logo_removed", actor_id, {}, **gone)
    _delete_after_commit(old)
    return True


def set_always_labelled(*, member: Membership, on: bool) -> bool:
    """Whether nobody of the agency gets a picture without its label; False: it was so already.
    Raises OwnersOnly, and the attempt stays on record."""
    if member.role != Role.OWNER:
        detail = {"on": on, "role": member.role}
        record(
            agency=member.agency, action="branding.always_labelled_refused",
            target=str(member.agency_id), actor_id=str(member.pk), detail=detail,
        )  # fmt: skip
        raise OwnersOnly
    return _set_always_labelled(member, on)


@transaction.atomic
def _set_always_labelled(member: Membership, on: bool) -> bool:
    row = _locked(member.agency)
    if row.always_labelled == on:
        return False
    detail = {"on": on}
    _write(row, "branding.always_labelled", str(member.pk), detail, always_labelled=on)
    return True


def logo_bytes(branding: Branding) -> bytes | None:
    """The PNG; None without one, and when its file is gone."""
    if not branding.logo.name:
        return None
    try:
        with default_storage.open(branding.logo.name) as stored:
            data: bytes = stored.read()
    except FileNotFoundError:  # removed or replaced since the row was read
        return None
    return data


def logo_digest(branding: Branding) -> str:
    """Of the logo's bytes, as it stands in its address; empty without a logo."""
    found = LOGO_NAME.fullmatch(branding.logo.name or "")
    return found[1] if found else ""


def theme_css(branding: Branding) -> str:
    """The accent as custom properties, readable in both schemes; empty without an accent."""
    if not branding.accent:
        return ""
    accent = colours.as_hex(branding.accent)
    light, dark = colours.on_light(accent), colours.on_dark(accent)
    dark_rule = f"@media (prefers-color-scheme:dark){{{_rule(dark)}}}"
    return f"{_rule(light)}\n{dark_rule}\n"


def theme_digest(branding: Branding) -> str:
    """Of the theme, as it stands in its address; empty without one."""
    css = theme_css(branding)
    return hashlib.sha256(css.encode()).hexdigest()[:32] if css else ""


def _rule(shades: colours.Shades) -> str:
    return (
        f":root{{--accent:{shades.accent};--accent-hover:{shades.hover};"
        f"--on-accent:{shades.on};--tint:{shades.tint}}}"
    )


def _locked(agency: Agency) -> Branding:
    """Of two changes at once the second sees the first."""
    Branding.objects.get_or_create(agency=agency)
    return Branding.objects.select_for_update().select_related("agency").get(agency=agency)


def _write(
    row: Branding, action: str, actor_id: str, detail: dict[str, Any], **fields: Any
) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "updated_at"])
    record(agency=row.agency, action=action, target=str(row.pk), actor_id=actor_id, detail=detail)


def _delete_after_commit(name: str) -> None:
    """One that stays behind has no row: the nightly sweep takes it."""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)

"""Pictures that an agency had made at iacrea before it came: read once, archived, never charged."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.choices import Mode
from accounts.models import Agency, Membership
from accounts.selectors import member_by_iacrea_id
from integrations.doors.images import ImageProblem, NormalisedImage, read_mask, read_photo
from integrations.iacrea import errors
from integrations.iacrea.accounts import account_for
from integrations.iacrea.client import IacreaClient, JobState
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle, selectors, services
from projects.choices import Source, UploadKind
from projects.models import Generation, Upload
from projects.pipeline.dispatch import hint_now
from projects.pipeline.inputs import UnusableInput, fetch


class NotTaken(Exception):
    """A line of the file that cannot be taken over; the text says why."""


@dataclass(frozen=True)
class Brought:
    """A line of the file. Without `room_type` nobody knows what the picture shows."""

    upstream_id: UUID
    user_id: UUID
    original_url: str = ""
    mask_url: str = ""
    room_type: str = ""


def take_over(agency: Agency, brought: Brought) -> Generation | None:
    """The generation that the job becomes; None when it was taken over before. Raises NotTaken, and
    then nothing is stored."""
    member = member_by_iacrea_id(agency, brought.user_id)
    if member is None:
        raise NotTaken("no member has this user_id: import_members first")
    account = account_for(member, Mode.LIVE)
    if account is None:
        raise NotTaken("the agency has no iacrea account")
    if selectors.is_known(account.origin, brought.upstream_id):
        return None
    state = _read(account, brought)
    photo = _fetched(brought.original_url, "image", None)
    mask = _fetched(brought.mask_url, "mask", photo)
    return _keep(member, account, brought, state, photo, mask)


def _read(account: IacreaAccount, brought: Brought) -> JobState:
    """With the agency's key, in the name of who made it."""
    client = IacreaClient(account.origin, account.api_key, str(brought.user_id))
    try:
        state = client.get(str(brought.upstream_id))
    except errors.IacreaError as error:
        raise NotTaken(f"iacrea did not show it: {error}") from None
    if state.status != "succeeded" or not state.urls:
        raise NotTaken(f"it is {state.status.upper() or 'unknown'} at iacrea")
    return state


def _fetched(url: str, name: str, photo: NormalisedImage | None) -> NormalisedImage | None:
    size = (photo.width, photo.height) if photo else None
    read = read_photo if name == "image" else partial(read_mask, size=size)
    try:
        return fetch(url, name, read) if url else None
    except (UnusableInput, ImageProblem) as problem:
        raise NotTaken(f"{name}: {problem.code}") from None


@transaction.atomic
def _keep(
    member: Membership,
    account: IacreaAccount,
    brought: Brought,
    state: JobState,
    photo: NormalisedImage | None,
    mask: NormalisedImage | None,
) -> Generation | None:
    agency, stored = member.agency, _stored(member.agency, photo, mask)
    project = services.create_project(
        agency=agency, mode=Mode.LIVE, author=member, photo=stored.get(UploadKind.PHOTO)
    )
    job = Generation(
        agency=agency,
        mode=Mode.LIVE,
        project=project,
        author=member,
        source=Source.IMPORT,
        room_type=brought.room_type,
        photo=stored.get(UploadKind.PHOTO),
        mask=stored.get(UploadKind.MASK),
        width=photo.width if photo else None,
        height=photo.height if photo else None,
        account=account,
        upstream_origin=account.origin,
        upstream_id=str(brought.upstream_id),
        result_urls=list(state.urls),
    )
    try:
        with transaction.atomic():
            taken = lifecycle.take_over(job)
    except IntegrityError:
        raise NotTaken("another generation holds this id") from None
    hint_now(taken)
    return taken


def _stored(
    agency: Agency, photo: NormalisedImage | None, mask: NormalisedImage | None
) -> dict[UploadKind, Upload]:
    images = {UploadKind.PHOTO: photo, UploadKind.MASK: mask}
    return {
        kind: services.store_upload(agency=agency, mode=Mode.LIVE, kind=kind, image=image)
        for kind, image in images.items()
        if image
    }

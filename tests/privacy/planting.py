"""An agency that has left a word of its own in every place that the product has."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import send_mail
from django.test import Client
from django.utils import timezone
from PIL import Image, PngImagePlugin

from accounts import branding, photo_requests
from accounts.choices import Mode, NotificationKind, Role, StaffReason
from accounts.invitations import invite
from accounts.keys import issue_api_key
from accounts.models import (
    Agency,
    AuditEntry,
    Membership,
    NotificationChoice,
    PhotoRequest,
    StaffNote,
    StaffProposal,
    User,
)
from accounts.notifications import notify
from accounts.services import add_member, grant_pack, set_plan
from integrations.doors.images import read_mask, read_photo
from integrations.doors.logos import read_logo
from integrations.iacrea.models import IacreaAccount, RiskyStep
from integrations.iacrea.onboarding import open_agency
from integrations.webhooks.services import create_endpoint, send_ping
from projects import keeping, lifecycle, services, sizes
from projects.choices import FailureCode, RoomType, Source, UploadKind, WrongReason
from projects.models import (
    Attempt,
    CallbackReceipt,
    Discrepancy,
    Generation,
    GenerationEvent,
    Picture,
    Project,
    Upload,
)
from projects.pipeline.archive import keep
from projects.sharing import services as sharing
from tests.conftest import SIZE, mask_bytes, photo_bytes
from tests.developers.pages import planted_call
from tests.privacy.markers import Markers

PASSWORD = "a password for tests"


@dataclass
class Planted:
    marks: Markers
    agency: Agency
    owner: Membership
    other: Membership
    project: Project
    job: Generation

    @property
    def ids(self) -> set[str]:
        rows = (self.agency, self.owner, self.other, self.owner.user, self.other.user,
                self.project, self.job)  # fmt: skip
        return {str(row.pk) for row in rows}


def plant() -> Planted:
    marks = Markers()
    agency, owner = _agency(marks)
    other = _second(marks, agency)
    for member in (owner, other):
        _sign_in(marks, member)
    project = _project(marks, owner)
    job = _job(marks, other, project)
    planted = Planted(marks, agency, owner, other, project, job)
    for planting in (_said, _shared, _looks, _software, _asked, _staff, _queue, _strays):
        planting(planted)
    return planted


def _agency(marks: Markers) -> tuple[Agency, Membership]:
    opened = open_agency(
        name=marks("agency"), owner_email=f"{marks('owner')}@example.org",
        owner_name=marks("ownername"), password=PASSWORD, photos=20,
        iacrea_api_key=marks("iacreakey"), iacrea_user_id=None,
    )  # fmt: skip
    agency = Agency.objects.get(pk=opened.agency_id)
    Agency.objects.filter(pk=agency.pk).update(webhook_secret=marks("agencysecret"))
    call = Client(headers={"authorization": f"Bearer {opened.api_key}"})
    body = {"title": marks("apititle")}
    call.post(
        "/api/v1/projects", body, "application/json",
        headers={"idempotency-key": marks("idempotency")},
    )  # fmt: skip
    return agency, Membership.objects.get(agency=agency)


def _second(marks: Markers, agency: Agency) -> Membership:
    user = User.objects.create_user(
        f"{marks('member')}@example.org", PASSWORD, name=marks("membername"),
        claimed_email=f"{marks('claimed')}@example.org",
    )  # fmt: skip
    member = add_member(agency=agency, user=user, role=Role.MANAGER)
    services.create_project(agency=agency, mode=Mode.LIVE, author=member, title=marks("othertitle"))
    IacreaAccount.objects.create(
        agency=agency, membership=member, name=marks("accountname"), api_key=marks("memberkey"),
        iacrea_user_id=member.iacrea_user_id, base_url=f"https://{marks('base')}.example.org",
        pause_reason=marks("pause"),
    )  # fmt: skip
    return member


def _sign_in(marks: Markers, member: Membership) -> None:
    """By the page, with a wrong password before: limits of sign-in are in the cache."""
    user, client = member.user, Client(headers={"user-agent": marks("browser")})
    client.post("/comptes/login/", {"login": user.email, "password": "wrong"})
    client.post("/comptes/login/", {"login": user.email, "password": PASSWORD})
    session = client.session
    session["seen"] = marks("session")
    session.save()
    Authenticator.objects.create(user=user, type="totp", data={"secret": marks("factor")})
    address = EmailAddress.objects.create(user=user, email=f"{marks('address')}{user.pk}@a.org")
    EmailConfirmation.objects.create(email_address=address, key=f"{marks('conf')}{user.pk.hex}")
    NotificationChoice.objects.create(
        member=member, kind=NotificationKind.READY, in_app=True, by_mail=False
    )


def _project(marks: Markers, owner: Membership) -> Project:
    """With a photo that says where it was taken, sent from the page."""
    client = Client()
    client.force_login(owner.user)
    photo = SimpleUploadedFile(f"{marks('filename')}.jpg", _with_exif(marks("exif")))
    client.post("/projets/nouveau", {"photo": photo, "title": marks("title")})
    project = Project.objects.get(agency=owner.agency, title=marks("title"))
    Project.objects.filter(pk=project.pk).update(draft=[{"t": marks("draft")}])
    return project


def _with_exif(text: str) -> bytes:
    image = Image.open(BytesIO(photo_bytes()))
    exif, out = image.getexif(), BytesIO()
    exif[0x010E] = text
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def _job(marks: Markers, author: Membership, project: Project) -> Generation:
    """With the author's own account at iacrea."""
    mask = services.store_upload(
        agency=author.agency, mode=Mode.LIVE, kind=UploadKind.MASK,
        image=read_mask(mask_bytes(), size=SIZE), operations=[{"t": marks("operations")}],  # type: ignore[list-item]
    )  # fmt: skip
    job = services.create_generation(
        project=project, author=author, source=Source.DASHBOARD, room_type=RoomType.POOL,
        photo=project.photo, zone=services.Zone(upload=mask),
    )  # fmt: skip
    url = "https://{}.example.org/a"
    Generation.objects.filter(pk=job.pk).update(
        image_url=url.format(marks("imageurl")), mask_url=url.format(marks("maskurl")),
        webhook=url.format(marks("jobhook")), metadata={"client": marks("metadata")},
        polygon=[marks("polygon")],
    )  # fmt: skip
    return _ready(marks, job)


def _ready(marks: Markers, job: Generation) -> Generation:
    job.refresh_from_db()
    attempt = lifecycle.open_attempt(job, job.pk.hex * 2)
    assert attempt and lifecycle.bind(attempt, f"up-{job.pk}", {})
    CallbackReceipt.objects.create(attempt=attempt, candidate_id=f"up-{job.pk}")
    Attempt.objects.filter(pk=attempt.pk).update(evidence={"body": marks("evidence")})
    job.refresh_from_db()
    assert lifecycle.found_result(job, [f"http://127.0.0.1/{marks('result')}.png"])
    job.refresh_from_db()
    keep(job, 0, photo_bytes((900, 675), kind="PNG"))
    assert lifecycle.succeed(job)
    job.refresh_from_db()
    assert job.account.membership == job.author
    picture = job.pictures.get()
    picture.restored.save(f"{picture.pk.hex}-restored.png", ContentFile(photo_bytes(kind="PNG")))
    sizes.sized(picture, 480, "webp")
    assert job.photo
    sizes.sized(job.photo, 480, "jpg")
    GenerationEvent.objects.filter(generation=job).update(detail={"said": marks("story")})
    RiskyStep.objects.create(generation_id=job.pk, step="archive")
    return job


def _said(all_of: Planted) -> None:
    keeping.write_note(all_of.job, all_of.marks("note"))
    keeping.complain(
        all_of.job, author=all_of.other, reason=WrongReason.OTHER, text=all_of.marks("complaint")
    )


def _shared(all_of: Planted) -> None:
    marks = all_of.marks
    link = sharing.create_link(
        project=all_of.project, author=all_of.other, generations=[all_of.job], with_code=True
    )
    shared = link.shared.get()
    sharing.approve(link, shared, name=marks("approver"), network=marks("anetwork"))
    said = sharing.comment(
        link, shared, name=marks("client"), text=marks("comment"), network=marks("cnetwork")
    )
    sharing.answer(said, author=all_of.other, text=marks("answer"))


def _looks(all_of: Planted) -> None:
    marks, out, info = all_of.marks, BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Comment", marks("logotext"))
    Image.new("RGB", (60, 30), "#b4235a").save(out, "PNG", pnginfo=info)
    branding.change_branding(
        agency=all_of.agency, actor_id=str(all_of.owner.pk), logo=read_logo(out.getvalue()),
        accent="#aa2244", contact=marks("contact"), footer=marks("footer"),
    )  # fmt: skip


def _software(all_of: Planted) -> None:
    marks = all_of.marks
    key, _text = issue_api_key(agency=all_of.agency, mode=Mode.LIVE, name=marks("keyname"))
    planted_call(
        key, path=f"/{marks('callpath')}", query=marks("callquery"),
        faults=[marks("fault")], fields=[marks("field")], request_id=marks("callid"),
        idempotency_key=marks("once"),
    )  # fmt: skip
    endpoint = create_endpoint(
        agency=all_of.agency, mode=Mode.LIVE, url=f"https://{marks('hook')}.example.org/",
        description=marks("hooktext"), actor_id=str(all_of.owner.pk),
    )  # fmt: skip
    endpoint.secrets.update(secret=marks("hooksecret"))
    ping = send_ping(endpoint.pk)
    assert ping.event
    for row in (ping, ping.event):
        row.body = f'{{"client": "{marks("body")}"}}'
        row.save()
    ping.tries.create(
        number=1, ended_at=timezone.now(), milliseconds=9, status_code=500,
        answer_head=marks("answerhead"),
    )  # fmt: skip


def _asked(all_of: Planted) -> None:
    marks = all_of.marks
    invite(
        author=all_of.other,
        email=f"{marks('invited')}@example.org",
        role=Role.VIEWER,
        language="fr",
    )
    photo_requests.ask(all_of.other, photos=10, message=marks("request"))
    notify(all_of.owner, NotificationKind.APPROVED, {"client": marks("told")})
    send_mail(marks("subject"), marks("mailtext"), None, [f"{marks('mailto')}@example.org"])


def _staff(all_of: Planted) -> None:
    marks, agency, actor = all_of.marks, all_of.agency, str(uuid4())
    grant_pack(
        agency=agency, mode=Mode.LIVE, photos=5, actor_id=actor, reason=StaffReason.COURTESY,
        note=marks("staffnote"),
    )  # fmt: skip
    set_plan(agency=agency, photos_per_month=3, actor_id=actor, note=marks("plannote"))
    AuditEntry.objects.create(agency=agency, action="x", detail={"name": marks("auditdetail")})
    Discrepancy.objects.create(
        agency=agency, mode=Mode.LIVE, generation=all_of.job, code=FailureCode.RESULT_LOST,
        closed_at=timezone.now(), closed_by=actor, reason=marks("discrepancy"),
    )  # fmt: skip
    staff = User.objects.create_user(f"staff-{agency.pk}@example.org", PASSWORD, is_staff=True)
    StaffNote.objects.create(agency=agency, author=staff, text=marks("colleague"))
    StaffProposal.objects.create(
        agency=agency, command="x", target_id=agency.pk, reason=marks("proposal"),
        proposed_by=staff, fields={"words": marks("proposed")},
    )  # fmt: skip
    AuditEntry.objects.create(agency=agency, action="x", detail={"to": all_of.other.user.email})
    asked = PhotoRequest.objects.get(agency=agency)
    for row, name in ((asked, "adminrepr"), (all_of.other, "adminmember")):
        LogEntry.objects.create(
            user=staff, content_type=ContentType.objects.get_for_model(row), action_flag=CHANGE,
            object_id=str(row.pk), object_repr=marks(name), change_message=marks(name),
        )  # fmt: skip


def _queue(all_of: Planted) -> None:
    """Tasks that failed and quote what they failed with."""
    now, told = timezone.now(), all_of.other.notifications.all()[0]
    for row, name in ((all_of.job, "traceback"), (told, "mailtrace")):
        apps.get_model("django_q", "Task")._default_manager.create(
            id=uuid4().hex, name="x", func="projects.tasks.x", args=(str(row.pk),), success=False,
            started=now, stopped=now + timedelta(seconds=1), result=f"Error: {all_of.marks(name)}",
        )  # fmt: skip


def _strays(all_of: Planted) -> None:
    """A photo that software has sent and never used."""
    photo = read_photo(photo_bytes())
    services.store_upload(agency=all_of.agency, mode=Mode.TEST, kind=UploadKind.PHOTO, image=photo)


def files_of(agency: Agency) -> set[Any]:
    rows = Picture.objects.filter(agency=agency), Upload.objects.filter(agency=agency)
    return {name for each in rows for row in each for name in _names(row)}


def _names(row: Picture | Upload) -> list[str]:
    return row.files if isinstance(row, Picture) else [str(row.file.name)]

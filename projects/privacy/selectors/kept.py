"""What the pages tell of it in a few numbers."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Sum
from django.db.models.functions import Coalesce

from accounts.models import Agency, Membership, User
from projects.models import Generation, Picture, Project, Upload


@dataclass(frozen=True)
class OfPerson:
    user: User
    members: list[Membership]
    factors: list[Authenticator]
    projects: int
    pictures: int


@dataclass(frozen=True)
class OfAgency:
    agency: Agency
    projects: int
    pictures: int
    photos: int
    bytes: int


def of_person(user: User) -> OfPerson:
    members = list(user.memberships.present().select_related("agency").order_by("created_at"))
    mine = {"author__user": user}
    return OfPerson(
        user=user,
        members=members,
        factors=list(Authenticator.objects.filter(user=user).order_by("created_at")),
        projects=Project.objects.filter(erased_at=None, **mine).count(),
        pictures=Generation.objects.filter(erased_at=None, **mine).count(),
    )


def of_agency(agency: Agency) -> OfAgency:
    pictures = Picture.objects.filter(agency=agency)
    uploads = Upload.objects.filter(agency=agency)
    size = Coalesce(Sum("size"), 0)
    return OfAgency(
        agency=agency,
        projects=Project.objects.filter(agency=agency, erased_at=None).count(),
        pictures=pictures.count(),
        photos=uploads.filter(kind="photo").count(),
        bytes=sum(rows.aggregate(size=size)["size"] for rows in (pictures, uploads)),
    )

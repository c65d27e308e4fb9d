"""Rows of the bench: an agency with photos, and its jobs as they are in the middle of their life.

They are written at once; how jobs get there is not what is measured.
"""

from typing import Any
from uuid import UUID, uuid4

from accounts.choices import Mode, Role
from accounts.models import Agency, Membership
from integrations.doors.clock import database_now
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.onboarding import open_agency
from projects import services
from projects.choices import RoomType, Source
from projects.models import Generation
from tests.bench.bench import unique
from tests.conftest import Cast


def agency(photos: int) -> Cast:
    name = unique("agency")
    opened = open_agency(
        name=name,
        owner_email=f"{name}@example.org",
        photos=photos,
        iacrea_api_key="a key of the bench",
    )
    found = Agency.objects.get(pk=UUID(opened.agency_id))
    owner = Membership.objects.get(agency=found, role=Role.OWNER)
    return Cast(found, owner, opened.api_key, opened.test_api_key)


def jobs(origin: str, count: int, **fields: Any) -> list[Generation]:
    """Of an agency of their own, whose iacrea is at `origin`."""
    cast = agency(count)
    account = IacreaAccount.objects.get(agency=cast.agency, built_in=False)
    IacreaAccount.objects.filter(pk=account.pk).update(base_url=origin)
    project = services.create_project(agency=cast.agency, mode=Mode.LIVE, author=cast.owner)
    common = {
        "agency": cast.agency,
        "mode": Mode.LIVE,
        "project": project,
        "author": cast.owner,
        "source": Source.API,
        "room_type": RoomType.POOL,
        "account": account,
        "status_since": database_now(),
        "upstream_origin": origin,
        **fields,
    }
    return Generation.objects.bulk_create(
        Generation(upstream_id=str(uuid4()), **common) for _ in range(count)
    )

"""Rows for tests, made by the product's own functions."""

from accounts.choices import Mode
from integrations.doors.images import read_mask, read_photo
from projects import lifecycle, services
from projects.choices import RoomType, Source, UploadKind
from projects.models import Generation, Project
from projects.pipeline.archive import keep
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes


def project_with_photo(cast: Cast, mode: Mode = Mode.LIVE) -> Project:
    project = services.create_project(
        agency=cast.agency, mode=mode, author=cast.owner, title="Jardin Martin"
    )
    photo = services.store_upload(
        agency=cast.agency, mode=mode, kind=UploadKind.PHOTO, image=read_photo(photo_bytes())
    )
    services.set_photo(project, photo)
    return project


def queued_generation(cast: Cast, mode: Mode = Mode.LIVE) -> Generation:
    project = project_with_photo(cast, mode)
    mask = services.store_upload(
        agency=cast.agency,
        mode=mode,
        kind=UploadKind.MASK,
        image=read_mask(mask_bytes(), size=SIZE),
    )
    return services.create_generation(
        project=project,
        author=cast.owner,
        source=Source.DASHBOARD,
        room_type=RoomType.TERRACE,
        photo=project.photo,
        zone=services.Zone(upload=mask),
    )


def processing_generation(cast: Cast, upstream_id: str = "upstream-1") -> Generation:
    generation = queued_generation(cast)
    attempt = lifecycle.open_attempt(generation, generation.pk.hex * 2)
    assert attempt is not None
    assert lifecycle.bind(attempt, upstream_id, {})
    generation.refresh_from_db()
    return generation


def succeeded_generation(cast: Cast, upstream_id: str = "upstream-1") -> Generation:
    generation = processing_generation(cast, upstream_id)
    assert lifecycle.found_result(generation, ["http://127.0.0.1/result.png"])
    generation.refresh_from_db()
    keep(generation, 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(generation)
    generation.refresh_from_db()
    return generation

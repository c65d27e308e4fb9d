"""Pictures and their variations, in any number, for the tests of the pages."""

from projects import lifecycle, services
from projects.choices import RoomType, Source
from projects.models import Generation
from projects.pipeline.archive import keep
from tests.conftest import photo_bytes


def varied(parent: Generation, room_type: RoomType = RoomType.POOL) -> Generation:
    """Another picture of the same zone, ready."""
    author = parent.author
    assert author
    return ready(
        services.create_variation(
            parent=parent, author=author, source=Source.DASHBOARD, room_type=room_type
        )
    )


def ready(job: Generation, size: tuple[int, int] = (320, 240)) -> Generation:
    under_way(job)
    assert lifecycle.found_result(job, ["http://127.0.0.1/result.png"])
    job.refresh_from_db()
    keep(job, 0, photo_bytes(size, kind="PNG"))
    assert lifecycle.succeed(job)
    job.refresh_from_db()
    return job


def under_way(job: Generation) -> Generation:
    attempt = lifecycle.open_attempt(job, job.pk.hex * 2)
    assert attempt and lifecycle.bind(attempt, str(job.pk), {})
    job.refresh_from_db()
    return job

"""What stands beside the generations of a large database, and who sits at its desk.

Runs in a process of its own, on that database (`manage.py shell`, tests/bench/desk.py). Rows are
copies of those of one agency, whose one generation the product itself has made.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from accounts import visits
from accounts.choices import Mode
from accounts.models import ApiKey, ApiRequest, AuditEntry, User
from accounts.staff_roles import give_role
from integrations.doors.clock import database_now
from integrations.doors.copies import NUMBER, Series
from integrations.webhooks.models import Delivery
from integrations.webhooks.services import create_endpoint, send_ping
from projects.models import Generation
from projects.sharing.services import create_link
from tests.bench.bench import unique
from tests.bench.rows import agency
from tests.conftest import Cast
from tests.developers.pages import planted_call
from tests.garden import succeeded_generation

# To one agency so many rows of each kind.
OF_EACH = 500
URL = "https://hook.example.org/parterre"
# What the copies of seed_bulk have not.
STORIES = """\
INSERT INTO projects_generationevent (generation_id, kind, detail, created_at)
SELECT id, lower(status), '{}', ended_at FROM projects_generation ORDER BY ended_at
"""
ATTEMPTS = """\
INSERT INTO projects_attempt (generation_id, number, token_sha256, opened_at, lease_until, ended_at,
    outcome, evidence, upstream_id)
SELECT id, 100, CAST(id AS text), created_at, created_at, created_at, 'accepted', '{}', upstream_id
FROM projects_generation
"""


@dataclass(frozen=True)
class Sample:
    """What is copied."""

    cast: Cast
    job: Generation
    call: ApiRequest
    message: Delivery
    look: AuditEntry


def main(rows: int) -> None:
    """Prints as JSON what the bench looks for, by what it is."""
    with transaction.atomic():
        sample = sample_row()
        told = _told(sample)
        copy_all(sample, rows, timedelta(days=365))
    print(json.dumps(told | {"session": _session()}))


def sample_row() -> Sample:
    cast = agency(10)
    job = succeeded_generation(cast, str(uuid4()))
    key = ApiKey.objects.get(agency=cast.agency, mode=Mode.LIVE)
    endpoint = create_endpoint(agency=cast.agency, mode=Mode.LIVE, url=URL)
    call = planted_call(key, request_id=uuid4().hex, subject_id=job.pk)
    look = visits.begin(cast.owner, actor_id="", reason="the bench")
    return Sample(cast, job, call, send_ping(endpoint.pk), look)


def _told(sample: Sample) -> dict[str, str]:
    job, cast = sample.job, sample.cast
    link = create_link(project=job.project, author=cast.owner, generations=[job])
    return {
        "an id": str(job.pk),
        "the first 8 characters of one": job.pk.hex[:8],
        "iacrea's id": job.upstream_id,
        "an iacrea user id": cast.user_id,
        "a request id": sample.call.request_id,
        "an e-mail address": cast.owner.user.email,
        "a part of an agency's name": cast.agency.name[3:],
        "an API key": cast.api_key,
        "a share link": f"https://parterre.example/p/{link.token}",
        "an endpoint's URL": URL,
        "agency": str(cast.agency.pk),
        "member": str(cast.owner.pk),
    }


def _session() -> str:
    """Of a person who may look at every list, as every person of the staff."""
    user = User.objects.create_user(f"{unique('staff')}@example.org")
    give_role(user, "support", actor_id="", reason="the bench")
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- The copies


def copy_all(sample: Sample, rows: int, time: timedelta) -> None:
    """Into as many agencies as there would be, over so long until now."""
    copies = Copies(Series(uuid4().hex[:8], database_now() - time, time / rows), rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What is copied points to what is there: to look that up is most of the time.
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(STORIES)
        cursor.execute(ATTEMPTS)
        copies.people(sample)
        copies.traffic(sample)


@dataclass(frozen=True)
class Copies:
    series: Series
    rows: int

    @property
    def agencies(self) -> range:
        return range(self.rows // OF_EACH + 1)

    def people(self, sample: Sample) -> None:
        """One of each in each agency."""
        name = f"'Paysages ' || {NUMBER}"
        user, owner = sample.cast.owner.user, sample.cast.owner
        email = f"'person-' || {NUMBER} || '@example.org'"
        self._one_each(sample.cast.agency, name=name)
        self._one_each(user, email=email, name=f"'Camille ' || {NUMBER}")
        member = {"agency": self._id("Agency"), "user": self._id("User")}
        self._one_each(owner, **member, iacrea_user_id=self._id("iacrea"))
        # A hash is as long as two ids, without their strokes.
        digits = f"replace(CAST({self._id('hash')} AS text), '-', '')"
        key = {
            "key_hash": f"{digits} || {digits}",
            "prefix": f"'prt_live_' || substr({digits}, 1, 6)",
        }
        self._one_each(sample.call.api_key, agency=self._id("Agency"), **key)

    def traffic(self, sample: Sample) -> None:
        """Uploads, calls, events, messages and audit entries."""
        when = self.series.moment()
        token = f"'upload-' || '{self.series.name}-' || {NUMBER}"
        assert sample.job.photo and sample.message.event
        self._many(sample.job.photo, created_at=when, token=token)
        key = {"api_key": self._whose("ApiKey"), "request_id": f"'request-' || {NUMBER}"}
        self._many(sample.call, called_at=when, subject_id=self._id("subject"), **key)
        message = {"created_at": when, "subject_id": self._id("subject")}
        self._many(sample.message.event, **message)
        self._many(sample.message, **message, event=self._id("Event"), endpoint="NULL",
                   state="'delivered'", next_attempt_at="NULL")  # fmt: skip
        self._many(sample.look, created_at=when, action="'member.invited'",
                   target=f"CAST({self._id('target')} AS text)")  # fmt: skip

    def _one_each(self, source: Model, **changes: str) -> None:
        own = {"id": self._id(type(source).__name__)}
        self.series.copy(source, self.agencies, own | changes)

    def _many(self, source: Model, **changes: str) -> None:
        own = {"id": self._id(type(source).__name__), "agency": self._whose("Agency")}
        self.series.copy(source, range(self.rows), own | changes)

    def _id(self, kind: str) -> str:
        return self.series.id_of(kind)

    def _whose(self, kind: str) -> str:
        """Of an agency: each has as many rows, all over the year."""
        return self.series.id_of(kind, f"({NUMBER} %% {len(self.agencies)})")

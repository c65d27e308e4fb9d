"""A new SECRET_KEY, with the old one as a fallback: nobody and nothing notices."""

from queue import Queue
from threading import Event
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.pusher import pusher
from django_q.signing import BadSignature, SignedPackage

from integrations.doors import queue
from projects.links import result_url
from projects.models import Generation
from tests.conftest import Cast
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db
NEW = "another key for tests only, also long enough for Django"


@pytest.fixture
def renew(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Start anew with another key: django-q2 reads its own at the start."""

    def change(*fallbacks: str) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, list(fallbacks)
        monkeypatch.setattr(Conf, "SECRET_KEY", NEW)

    return change


def taken() -> list[Any]:
    """What a cluster's pusher hands to its workers."""
    tasks: Queue[Any] = Queue()
    over = Event()
    over.set()
    pusher(tasks, over)
    return [tasks.get_nowait() for _ in range(tasks.qsize())]


def test_what_was_queued_before_it_runs(renew: Any, settings: LazySettings) -> None:
    queue.enqueue("projects.tasks.submit_generation", "an id")
    renew(settings.SECRET_KEY)
    [task] = taken()
    assert (task["func"], task["args"]) == ("projects.tasks.submit_generation", ("an id",))
    queue.enqueue("projects.tasks.sweep")
    newest = OrmQ.objects.latest("pk").payload
    assert signing.TimestampSigner(key=NEW, salt=Conf.PREFIX, fallback_keys=[]).unsign(newest)


def test_without_the_fallback_it_is_dropped(renew: Any) -> None:
    """What docs/operating.md says of a key that somebody else has seen."""
    queue.enqueue("projects.tasks.submit_generation", "an id")
    renew()
    assert taken() == [] and not Task.objects.filter(success=True).exists()


def test_a_task_that_nobody_signed_is_not_opened(renew: Any, settings: LazySettings) -> None:
    forged = signing.dumps({"func": "os.abort"}, key="a guess", salt=Conf.PREFIX)
    renew(settings.SECRET_KEY)
    with pytest.raises(BadSignature):
        SignedPackage.loads(forged)


def test_sessions_and_links_go_on(alice: Cast, renew: Any, settings: LazySettings) -> None:
    client = Client()
    client.force_login(alice.owner.user)
    picture = succeeded_generation(alice).pictures.get()
    link = result_url(picture)
    renew(settings.SECRET_KEY)
    assert client.get("/").status_code == 200
    assert client.get(link.removeprefix("http://testserver")).status_code == 200
    assert Generation.objects.count() == 1


def test_without_the_fallback_sessions_end(alice: Cast, renew: Any) -> None:
    client = Client()
    client.force_login(alice.owner.user)
    renew()
    assert client.get("/").status_code == 302

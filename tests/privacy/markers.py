"""Words that stand nowhere else, and a search for them through all that the product keeps."""

import base64
import email
import email.policy
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model

from integrations.doors.crypto import EncryptedTextField

Found = dict[str, set[str]]
MARK = re.compile(r"zq([0-9a-f]{8})([a-z]+)qz")


class Markers:
    """One agency's. `marks("title")` is the same word each time, in lower case: addresses are."""

    def __init__(self) -> None:
        self.run = uuid4().hex[:8]
        self.planted: set[str] = set()

    def __call__(self, name: str) -> str:
        self.planted.add(name)
        return f"zq{self.run}{name}qz"

    def found(self, places: Iterator[tuple[str, str]]) -> Found:
        """Where each stands; markers of other runs are others'."""
        found: Found = defaultdict(set)
        for place, text in places:
            for run, name in MARK.findall(text.lower()):
                if run == self.run:
                    found[name].add(place)
        return found


def places(media: Path, mails: Path, log: str) -> Iterator[tuple[str, str]]:
    """All that is kept, as pairs of where and what."""
    yield from _tables()
    yield from _opened()
    for folder, name in ((media, "storage"), (mails, "mails")):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield f"{name}: name", file.name
            yield name, _text(file.read_bytes())
            if name == "mails":
                yield name, _decoded(file)
    yield "log", log


def ids_in(wanted: set[str], media: Path) -> set[str]:
    """The tables, and "storage", where one of these ids stands, as text or as bytes."""
    hexes = {each.replace("-", "") for each in wanted}
    found = set()
    for place, text in places(media, media / "none", ""):
        flat = text.replace("-", "")
        if any(each in flat for each in hexes):
            found.add(place.split(".")[0])
    return found


def _tables() -> Iterator[tuple[str, str]]:
    """The whole database: each column of each table, as it is stored."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", _text(value)
                    yield f"{table}.{name}", _unpacked(value)


def _opened() -> Iterator[tuple[str, str]]:
    """What is encrypted, signed or pickled there."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield from _values(model, field.column)
    for task in _all("django_q", "Task"):
        yield "django_q_task.result", f"{task.args}{task.kwargs}{task.result}"
    for waiting in _all("django_q", "OrmQ"):
        yield "django_q_ormq.payload", str(waiting.task)
    for session in Session.objects.all():
        yield "django_session.session_data", str(session.get_decoded())


def _values(model: type[Model], column: str) -> Iterator[tuple[str, str]]:
    for value in model._default_manager.values_list(column, flat=True):
        yield f"{model._meta.db_table}.{column}", str(value)


def _all(app: str, model: str) -> Iterator[Any]:
    yield from apps.get_model(app, model)._default_manager.all()


def _unpacked(value: object) -> str:
    """The cache's table keeps Base64."""
    try:
        return _text(base64.b64decode(value, validate=True)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def _decoded(file: Path) -> str:
    """A mail's subject and parts are encoded too."""
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    parts = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return " ".join([*map(str, mail.values()), *parts])


def _text(value: object) -> str:
    data = bytes(value) if isinstance(value, memoryview | bytes | bytearray) else None
    return data.decode("latin-1") if data is not None else str(value)

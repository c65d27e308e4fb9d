"""What the views of `/api/v1/` share: whose objects these are, and what is said of no object."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api.base import KeyedView
from accounts.choices import Mode, Scope
from accounts.exceptions import NoPhotosLeft
from accounts.models import Agency, Membership
from accounts.selectors import default_member, member_by_iacrea_id
from integrations.doors.images import ImageProblem
from projects import selectors
from projects.api import refusals
from projects.api.v1.outputs import JsonObject, generation_object
from projects.choices import UploadKind
from projects.exceptions import NotAccepted
from projects.models import Generation, Project, Upload

Found = TypeVar("Found")
SAFE = ("GET", "HEAD", "OPTIONS")
UPLOAD_FIELDS = {"image": UploadKind.PHOTO, "mask": UploadKind.MASK}


class Nowhere(APIView):
    """An address of the API that is none, or has an id of no form: said like every other error."""

    def initial(self, request: Request, *args: Any, **path: Any) -> None:
        raise refusals.no_such_call()


class View(KeyedView):
    scope = Scope.GENERATIONS_READ
    write_scope = Scope.GENERATIONS_WRITE

    def needed_scope(self) -> Scope:
        return self.scope if self.request.method in SAFE else self.write_scope

    def generation(self, generation_id: UUID, field: str = "") -> Generation:
        return self._own("generation", selectors.any_generation_of, generation_id, field)

    def shown(self, generation_id: UUID) -> JsonObject:
        """Read with no more than is shown: it is what is asked for most."""

        def find(agency: Agency, mode: Mode, key: UUID) -> Generation:
            rows = selectors.generations_by(agency, mode, {})
            return rows.prefetch_related(None).get(pk=key)

        return generation_object(self._own("generation", find, generation_id, ""))

    def project(self, project_id: UUID, field: str = "") -> Project:
        return self._own("project", selectors.any_project_of, project_id, field)

    def upload(self, upload_id: UUID, field: str = "") -> Upload:
        return self._own("upload", selectors.any_upload_of, upload_id, field)

    def uploads_in(self, fields: JsonObject) -> dict[str, Upload]:
        """Those that `image` and `mask` name, by these, in one query."""
        ids = {field: fields[field] for field in UPLOAD_FIELDS if field in fields}
        rows = selectors.any_uploads_of(self.agency, self.mode, ids.values()) if ids else {}
        return {field: _upload_as(field, rows.get(key)) for field, key in ids.items()}

    def member(self, iacrea_user_id: UUID | None) -> Membership:
        """Who is named, or the agency's oldest owner."""
        if iacrea_user_id is None:
            return default_member(self.agency)
        found = member_by_iacrea_id(self.agency, iacrea_user_id)
        if found is None:
            raise refusals.unknown("member", "member")
        return found

    def _own(self, kind: str, find: Callable[..., Found], key: UUID, field: str) -> Found:
        try:
            return find(self.agency, self.mode, key)
        except ObjectDoesNotExist:
            raise refusals.unknown(kind, field) from None


def _upload_as(field: str, found: Upload | None) -> Upload:
    if found is None:
        raise refusals.unknown("upload", field)
    if found.kind != UPLOAD_FIELDS[field]:
        raise refusals.wrong_kind(field)
    return found


def judged(serializer: type[Serializer[Any]], data: Any) -> JsonObject:
    """The fields, or a 400 that names those that are wrong."""
    fields = serializer(data=data)
    fields.is_valid(raise_exception=True)
    return dict(fields.validated_data)


@contextmanager
def refusing() -> Iterator[None]:
    """What the rules refuse, in the API's words."""
    try:
        yield
    except NoPhotosLeft as error:
        raise refusals.no_photos_left(error) from None
    except NotAccepted as error:
        raise refusals.not_accepted(error) from None


@contextmanager
def picturing(field: str) -> Iterator[None]:
    """A file that is no usable picture, said of the field that it came in."""
    try:
        yield
    except ImageProblem as problem:
        raise refusals.unusable(problem, field) from None

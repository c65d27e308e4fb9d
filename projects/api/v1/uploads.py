"""`/api/v1/uploads`: photos and masks, judged at once by decoding them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import QueryDict
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotent import CreateView
from integrations.doors.images import NormalisedImage, read_mask, read_photo
from projects import services
from projects.api.v1.base import View, judged, picturing, refusing
from projects.api.v1.inputs import UploadInput
from projects.api.v1.outputs import JsonObject, upload_object
from projects.choices import UploadKind

READ: dict[UploadKind, Callable[[bytes], NormalisedImage]] = {
    UploadKind.PHOTO: read_photo,
    UploadKind.MASK: read_mask,
}


class Uploads(View, CreateView):
    parser_classes = [MultiPartParser]

    def post(self, request: Request, **path: Any) -> Response:
        """Decoded before the transaction of an Idempotency-Key, which keeps others waiting."""
        fields = judged(UploadInput, _form(request))
        self.kind = UploadKind(fields["kind"])
        with picturing("file"):
            self.image = READ[self.kind](fields["file"].read())
        fields["file"].seek(0)
        return super().post(request, **path)

    def create(self, request: Request, **path: Any) -> Response:
        with refusing():
            upload = services.keep_upload(
                agency=self.agency, mode=self.mode, kind=self.kind, image=self.image
            )
        return Response(upload_object(upload), 201)


class OneUpload(View):
    def get(self, request: Request, upload_id: UUID) -> Response:
        return Response(upload_object(self.upload(upload_id)))


def _form(request: Request) -> JsonObject:
    """Of a field that came twice, the last; nothing of a call without a body."""
    data = request.data
    return data.dict() if isinstance(data, QueryDict) else dict(data)

"""JSON bodies, bounded: a request of ours is a few hundred bytes."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from integrations.doors.problems import Problem

MAX_BYTES = 1024 * 1024


class BoundedJsonParser(JSONParser):
    """413 above 1 MiB; JSON nested without end is refused like any other that is broken."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            detail = _("The body is above 1 MiB. Send links to pictures, not pictures.")
            raise Problem(code="too_large", status=413, title=_("Too large"), detail=detail)
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None

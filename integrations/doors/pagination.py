"""Lists of the API, by cursor: rows that are added meanwhile neither repeat nor hide others."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

PAGE_SIZE = re.compile("[1-9][0-9]?|100")


class Cursor(CursorPagination):
    """`{"data": […], "next": URL or null, "previous": …}`, the newest first; `limit` rows."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = ("-created_at", "-pk")

    def get_page_size(self, request: Request) -> int:
        """Fewer rows than were asked for would look like the end of the list."""
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not PAGE_SIZE.fullmatch(text):
            raise ValidationError({self.page_size_query_param: _("Give a number from 1 to 100.")})
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        page = {"data": data, "next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response(page)

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound:
            told = _("Follow the URL in next or previous as it is, or leave out the cursor.")
            raise ValidationError({self.cursor_query_param: told}) from None


def paged_as(request: Request, rows: Any, show: Callable[[Any], Any]) -> Response:
    """As paged(), where a function shows a row."""
    cursor = Cursor()
    found: Any = cursor.paginate_queryset(rows, request)
    return cursor.get_paginated_response([show(row) for row in found])


def paged(request: Request, rows: Any, output: Any) -> Response:
    """The page that was asked for, each row as `output`, a serializer, shows it."""
    cursor = Cursor()
    found: Any = cursor.paginate_queryset(rows, request)
    return cursor.get_paginated_response(output(found, many=True).data)

"""Lists of Django's admin at a million rows: none is counted, and of a table that grows with the
jobs none is sorted or looked through from end to end."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet, UUIDField
from django.http import HttpRequest
from django.utils.translation import gettext as _

# Whoever turned so many pages searches instead: to skip rows costs as much as to show them.
MOST_PAGES = 100
# An id, or its beginning.
DIGITS = re.compile(r"[0-9a-f]{8,32}")


class UncountedList(ChangeList):
    """One row more than a page has tells whether there is a next one."""

    has_more = False

    def get_results(self, request: HttpRequest) -> None:
        """In the place of Django's, which counts first."""
        before = (self.page_num - 1) * self.list_per_page
        if not 0 < self.page_num <= MOST_PAGES:
            raise IncorrectLookupParameters
        rows = list(self.queryset[before : before + self.list_per_page + 1])
        if before and not rows:
            raise IncorrectLookupParameters
        self._show(rows, before)

    def get_ordering_field(self, field_name: Any) -> Any:
        """By nothing but what can be clicked, whatever an address says."""
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    def _show(self, rows: list[Any], before: int) -> None:
        self.has_more = len(rows) > self.list_per_page
        self.result_list = rows[: self.list_per_page]
        # Of this page: what an action works on, and no offer to select what was not counted.
        self.result_count = len(self.result_list)
        self.known = before + self.result_count
        next_page = self.has_more and self.page_num < MOST_PAGES
        self.paginator = Paginator(range(self.known + next_page), self.list_per_page)
        self.multi_page = bool(before) or self.has_more
        self.can_show_all = self.show_full_result_count = False
        self.show_admin_actions = True
        # Django's form says how many were found where these two differ.
        self.full_result_count = self.result_count if self.multi_page else None


class LongList(admin.ModelAdmin[Any]):
    """Of a table that grows with the jobs: in its own order, or that turned around. A search asks
    what an index answers: an id or its beginning, a part of the name of an agency or a person, the
    whole of any other field."""

    def get_sortable_by(self, _request: HttpRequest) -> Any:
        return [str(name).lstrip("-") for name in self.ordering or self.model._meta.ordering]

    def get_search_results(
        self, _request: HttpRequest, rows: QuerySet[Any], asked: str
    ) -> tuple[QuerySet[Any], bool]:
        """All rows that every word means."""
        for word in asked.replace("\0", "").split():
            rows = rows.filter(self.meant_by(word))
        return rows, False

    def meant_by(self, word: str) -> Q:
        meant = Q(pk__in=[])
        for path in self.search_fields:
            meant |= _meant(self.model, str(path), word)
        return meant


class AnswerFilter(admin.FieldListFilter):
    """Of calls those that were refused, or that we failed. Django's own asks first which answers
    there are, of every call."""

    def __init__(self, field: Any, request: Any, params: Any, *args: Any, **kwargs: Any) -> None:
        self.lookup = f"{kwargs['field_path']}__gte"
        self.asked = (params.get(self.lookup) or [""])[-1]
        super().__init__(field, request, params, *args, **kwargs)

    def expected_parameters(self) -> list[str | None]:
        return [self.lookup]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for least, words in (("", _("All")), ("400", "≥ 400"), ("500", "≥ 500")):
            yield {
                "selected": self.asked == least,
                "query_string": changelist.get_query_string({self.lookup: least or None}),
                "display": words,
            }


def begins_so(path: str, text: str) -> Q:
    """The ids that begin with these digits, as a range, which an index of ids answers."""
    digits = text.lower().replace("-", "")
    if not DIGITS.fullmatch(digits):
        return Q(pk__in=[])
    ends = [UUID(digits.ljust(32, end)) for end in "0f"]
    return Q(**{f"{path}__range": ends})


def _meant(model: type[Model], path: str, word: str) -> Q:
    if isinstance(get_fields_from_path(model, path)[-1], UUIDField):
        return begins_so(path, word)
    relation, _dots, name = path.partition("__")
    if not name:
        return Q(**{path: word})
    # Asked first: in one statement with the others an index of one table is of no use.
    related: Any = model._meta.get_field(relation).related_model
    found = related._default_manager.filter(**{f"{name}__icontains": word})
    return Q(**{f"{relation}__in": list(found.values_list("pk", flat=True))})

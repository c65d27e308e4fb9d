"""What callers of the API may write: nothing that we do not know."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request


class StrictInput(serializers.Serializer[dict[str, Any]]):
    """An unknown field is an error: a typing mistake in an optional one would change the job."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            told = _("There is no such field. Known are {known}.")
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {_shown(name): told.format(known=known) for name in sorted(unknown)}, "unknown"
            )
        return super().to_internal_value(data)


class PageFilter(StrictInput):
    """Of any list. Both are the page's own: pagination.py reads them."""

    cursor = serializers.CharField(required=False)
    limit = serializers.CharField(required=False)


def asked(form: type[PageFilter], request: Request) -> dict[str, Any]:
    """The filters of a list, without those of its page; or a 400 that names what is wrong."""
    fields = form(data=request.query_params.dict())
    fields.is_valid(raise_exception=True)
    page = set(PageFilter().fields)
    return {name: value for name, value in fields.validated_data.items() if name not in page}


def _shown(name: Any) -> str:
    """Somebody else's text, as far as it can be sent back."""
    text = str(name)[:40]
    return text if text.isprintable() else "?"

"""The name of the call that an error page is the answer to, and who can look it up."""

from django import template
from django.conf import settings

from integrations.doors.request_id import current

register = template.Library()


@register.inclusion_tag("_reference.html")
def reference() -> dict[str, str]:
    """Without the request, which some of Django's error pages are rendered without."""
    return {"reference": current.get(), "support": settings.OPERATOR_EMAIL}

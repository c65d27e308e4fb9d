from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django import template

from projects.models import Generation

register = template.Library()
Value = TypeVar("Value")


@register.filter
def of(found: Mapping[UUID, Value], generation: Generation) -> Value | None:
    """What `found` has of this generation."""
    return found.get(generation.pk)

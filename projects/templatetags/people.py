"""For the pages of an account, most of whose views are allauth's."""

from datetime import datetime

from django import template
from django.utils import timezone

from accounts import second_factor, sign_up
from accounts.devices import browser_named

register = template.Library()
register.filter("due_at", second_factor.due_at)
register.filter("deadline", second_factor.deadline)
register.filter("shown_email", sign_up.shown_email)


@register.filter
def is_past(moment: datetime) -> bool:
    return moment <= timezone.now()


@register.filter
def browser(agent: str) -> str:
    return browser_named(agent)


@register.simple_tag
def sign_up_is_open() -> bool:
    return sign_up.is_open()

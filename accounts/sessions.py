"""Sessions in the database, as Django's, but that each ends so long after the sign-in whatever is
done with it: Django's begin their time anew with every write."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

END = "_session_expiry"


class SessionStore(DatabaseSessions):
    def save(self, must_create: bool = False) -> None:
        """An age, which allauth sets at each sign-in, or none becomes an end. The sessions of
        before get theirs with their next write."""
        if SESSION_KEY in self and not isinstance(self.get(END), str):
            self.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        super().save(must_create)

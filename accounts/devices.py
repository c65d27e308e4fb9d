"""Browsers that a user has signed in with, by a signed cookie: one that we do not know is told.

The cookie holds ids of users and no secret: whoever copies it gains one mail less to its owner.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

COOKIE, SALT = "device", "accounts.devices"
# Sent to the pages of sign-in only.
PATH = "/comptes/"
DAYS_400 = 400 * 24 * 3600  # browsers keep no cookie longer
MOST_USERS = 5
# In this order: each of the later ones is named by the earlier too.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox",
            "SamsungBrowser": "Samsung Internet", "CriOS": "Chrome", "Chrome": "Chrome",
            "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
           "Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip
KNOWN = (BROWSERS, SYSTEMS)


def knows(request: HttpRequest, user: User) -> bool:
    return str(user.pk) in _users(request)


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """The newest first; a browser that more people share forgets the oldest."""
    users = [str(user.pk), *(each for each in _users(request) if each != str(user.pk))]
    response.set_cookie(
        COOKIE,
        signing.dumps(users[:MOST_USERS], salt=SALT),
        max_age=DAYS_400,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def browser_of(request: HttpRequest) -> str:
    return browser_named(request.headers.get("user-agent", ""))


def browser_named(agent: str) -> str:
    """In words, such as "Firefox, Windows"; "" for one that does not say. It is a claim only."""
    named = (next((name for sign, name in each.items() if sign in agent), "") for each in KNOWN)
    return ", ".join(filter(None, named))


def _users(request: HttpRequest) -> list[str]:
    try:
        users = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS_400)
    except signing.BadSignature:
        return []
    return list(users)

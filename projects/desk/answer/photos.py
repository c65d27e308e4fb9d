"""What became of its photos."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.desk.answer.moments import day_of
from projects.desk.timeline.money import Books
from projects.models import Generation


def photos_of(job: Generation, books: Books) -> Iterator[str]:
    """What the ledger says of them, and not what the row promised."""
    if not job.price:
        yield _("It cost no photo.") if job.is_terminal else _("It costs no photo.")
    if books.held:
        yield _held(books.held)
    if books.charged:
        yield _charged(books.charged)
    if books.given_back:
        yield _given_back(books.given_back)
    if books.made_good and books.made_good_at:
        yield _made_good(books.made_good, books.made_good_at)


def _held(count: int) -> str:
    words = ngettext(
        "%(n)d photo is held for it: it is charged once the picture is there, and given back by "
        "itself if it fails.",
        "%(n)d photos are held for it: they are charged once the picture is there, and given back "
        "by themselves if it fails.",
        count,
    )
    return words % {"n": count}


def _charged(count: int) -> str:
    words = ngettext("%(n)d photo was charged for it.", "%(n)d photos were charged for it.", count)
    return words % {"n": count}


def _given_back(count: int) -> str:
    words = ngettext(
        "%(n)d photo was given back to your agency.",
        "%(n)d photos were given back to your agency.",
        count,
    )
    return words % {"n": count}


def _made_good(count: int, at: datetime) -> str:
    words = ngettext(
        "On %(day)s we gave your agency %(n)d photo to make up for it.",
        "On %(day)s we gave your agency %(n)d photos to make up for it.",
        count,
    )
    return words % {"n": count, "day": day_of(at)}

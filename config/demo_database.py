"""The demo's database and static files, made or brought up to date in the demo's own process."""

import logging
import os
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError

from config.demo_environment import CannotStart

logger = logging.getLogger(__name__)


def prepare(log: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"  # another project's may be set
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CannotStart(str(error)) from error
    _log_to(log)
    try:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
    except (DatabaseError, OSError) as error:
        logger.exception("Preparing")
        raise CannotStart(f"The database cannot be prepared: {error} (more in {log})") from error


def _log_to(path: Path) -> None:
    """The terminal is for people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    layout = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(filename=path, level=logging.INFO, format=layout, force=True)
    # It has a line for each song of the canary.
    logging.getLogger("django-q").setLevel(logging.WARNING)

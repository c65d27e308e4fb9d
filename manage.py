#!/usr/bin/env python
"""Django's command line. Beside a demo it reads the demo's own secrets (see config/env.py)."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.env import load_demo_environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    load_demo_environment()
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # its text says what to set, and a trace adds nothing
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()

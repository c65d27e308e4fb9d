"""django-q2's cluster in the harness: the product's, with its failpoints."""

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()

    from tests.chaos import failpoints, pace

    failpoints.install()
    pace.hurry()
    call_command("qcluster")

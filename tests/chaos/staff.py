"""Somebody at support who presses "release" now and then, as the admin's button does."""

import random
import sys
import time

import django
from django.db import Error, close_old_connections

from tests.chaos.orders import is_closed

EVERY_S = 1.5


def main(seed: int) -> None:
    from accounts.staff.command import NotNow
    from projects import support
    from projects.choices import Status
    from projects.models import Generation

    chance = random.Random(seed)
    open_to_it = [Status.QUEUED, Status.UNCONFIRMED, Status.PROCESSING, Status.ARCHIVING]
    while True:
        time.sleep(EVERY_S)
        if is_closed():
            continue
        close_old_connections()
        try:
            found = list(Generation.objects.filter(status__in=open_to_it)[:50])
            if found:
                support.release(chance.choice(found), actor_id="support", reason="chaos")
        except (Error, NotNow) as problem:
            print(problem, flush=True)


if __name__ == "__main__":
    django.setup()

    from tests.chaos import failpoints, pace

    failpoints.install()
    pace.hurry()
    main(int(sys.argv[1]))

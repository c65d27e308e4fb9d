"""The worker under supervision: started again when it dies, and when it hangs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.supervise import Supervisor
from config.watch import worker

# A submit and an archiving that are under way may end.
STOP_WITHIN_S = 310


class Command(BaseCommand):
    help = "Run the cluster, and start it again when its canary is silent: for production."

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor()
        supervisor.catch_signals()
        process = worker(log=None)
        process.max_age_s = settings.CANARY_MAX_AGE_S
        try:
            supervisor.start(process)
            supervisor.run()
        finally:
            supervisor.stop(STOP_WITHIN_S)

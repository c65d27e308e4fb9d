"""What django-q2 runs: ids in, one service each. A task is a hint and may run twice."""

import logging
from collections.abc import Callable

from projects import sweeper
from projects.models import Generation
from projects.pipeline import archive, inputs, submit
from projects.pipeline import sweep as sweeping

logger = logging.getLogger(__name__)


def prepare_inputs(generation_id: str) -> None:
    _with_generation(generation_id, inputs.prepare)


def submit_generation(generation_id: str) -> None:
    _with_generation(generation_id, submit.submit)


def archive_generation(generation_id: str) -> None:
    _with_generation(generation_id, archive.archive)


def sweep() -> None:
    sweeping.run_term()


def ensure_sweeper() -> None:
    """The watchdog, once a minute by django-q2's scheduler."""
    sweeper.ensure()


def _with_generation(generation_id: str, work: Callable[[Generation], None]) -> None:
    generation = (
        Generation.objects.select_related("agency", "account", "photo", "mask", "parent")
        .filter(pk=generation_id)
        .first()
    )
    if generation is None:
        logger.info("generation %s is gone, its task is dropped", generation_id)
        return
    work(generation)

"""A generation in iacrea's words: the answer of `get`, and the body of a caller's webhook."""

from typing import Any

from projects.choices import Status
from projects.links import result_url
from projects.models import Generation


def job_state(generation: Generation) -> dict[str, Any]:
    """`status`, `urls` once it is SUCCEEDED (fresh links), `variationNumber`."""
    state: dict[str, Any] = {"status": generation.public_status}
    if generation.status == Status.SUCCEEDED:
        state["urls"] = [result_url(picture) for picture in generation.pictures.all()]
    state["variationNumber"] = variation_number(generation)
    return state


def variation_number(generation: Generation) -> int:
    """Succeeded variations of the same root."""
    variations = Generation.objects.filter(root_id=generation.root_id or generation.pk)
    return variations.filter(status=Status.SUCCEEDED).count()

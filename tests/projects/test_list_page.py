"""What a project's card says of its newest job, beside its chip."""

import pytest
from django.test import Client

from projects import lifecycle
from tests.conftest import Cast
from tests.garden import processing_generation

pytestmark = pytest.mark.django_db


def test_a_card_tells_the_step_and_what_became_of_the_photo(
    alice: Cast, alice_client: Client
) -> None:
    job = processing_generation(alice)
    assert "Dessin en cours" in alice_client.get("/").content.decode()
    assert lifecycle.fail_upstream(job)
    shown = alice_client.get("/").content.decode()
    assert "1 photo rendue automatiquement." in shown and "Dessin en cours" not in shown

"""The cast in front of English pages."""

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.developers.pages import reader


@pytest.fixture
def alice_client(alice: Cast) -> Client:
    return reader(alice.owner)


@pytest.fixture
def charlie_client(charlie: Cast) -> Client:
    return reader(charlie.owner)

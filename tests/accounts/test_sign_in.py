"""Signing in: what a stranger may not use up, and what a member may not give themself."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory

from accounts.models import User
from integrations.doors.images import MAX_BYTES
from tests.conftest import Cast

LOGIN = "/comptes/login/"


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["action_add", "action_primary"])
def test_nobody_takes_an_address_without_proof(
    alice: Cast, charlie_client: Client, action: str
) -> None:
    sent = {action: "", "email": "next-customer@example.org"}
    assert charlie_client.get("/comptes/email/").status_code == 404
    assert charlie_client.post("/comptes/email/", sent).status_code == 404
    assert not EmailAddress.objects.filter(email=sent["email"]).exists()
    assert not User.objects.filter(email=sent["email"]).exists()


@pytest.mark.django_db
def test_a_mailed_link_leads_to_our_own_address(
    alice: Cast, client: Client, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    sent, headers = {"email": "alice@example.org"}, {"host": "testserver:1337"}
    assert client.post("/comptes/password/reset/", sent, headers=headers).status_code == 302
    link = f"{settings.PUBLIC_BASE_URL}/comptes/password/reset/key/"
    assert link in mailoutbox[0].body


def test_a_file_without_end_fills_no_disk() -> None:
    """Also at the sign-in page, where everybody may send one."""
    sent = {"photo": SimpleUploadedFile("photo.jpg", bytes(MAX_BYTES + 5_000_000))}
    kept = RequestFactory().post(LOGIN, sent).FILES["photo"]
    assert len(kept.read()) == MAX_BYTES + 1


@pytest.mark.django_db
def test_a_failed_sign_in_is_logged_without_a_person(
    alice: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.post(LOGIN, {"login": "Alice@example.org", "password": "a guess"})
    client.post(LOGIN, {"login": "nobody@example.org", "password": "a guess"})
    lines = [row.getMessage() for row in caplog.records if row.name == "accounts.receivers"]
    assert lines == [
        f"a sign-in failed: user {alice.owner.user_id}",
        "a sign-in failed: nobody has this address",
    ]

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import MaxLengthValidator, validate_email

from integrations.iacrea.onboarding import AlreadyOpen, NewAgency, open_agency

MAX_NAME = 150
MAX_EMAIL = 254
# More at once is a typing error; the ledger's numbers have 32 bits.
MAX_PHOTOS = 1_000_000


class Command(BaseCommand):
    help = "Open an agency with its owner, photos and API keys. The keys are shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner-email", required=True, help="may own another agency already")
        # Texts, judged below: argparse would answer with its whole usage.
        parser.add_argument("--photos", default="0", help="live photos to start with")
        parser.add_argument("--iacrea-user-id", help="from iacrea's Espace Développeur")
        parser.add_argument("--iacrea-api-key", default="")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        user_id = options["iacrea_user_id"]
        try:
            opened = open_agency(
                name=_name(options["name"]),
                owner_email=_email(options["owner_email"]),
                photos=_photos(str(options["photos"])),
                iacrea_user_id=_uuid(str(user_id)) if user_id else None,
                iacrea_api_key=_key(options["iacrea_api_key"], user_id),
            )
        except AlreadyOpen as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(_text(opened, options["json"]))


def _name(text: str) -> str:
    if not 0 < len(text.strip()) <= MAX_NAME or not text.isprintable():
        raise CommandError(f"--name {text!r}: give 1 to {MAX_NAME} characters.")
    return text.strip()


def _email(text: str) -> str:
    try:
        validate_email(text)
        MaxLengthValidator(MAX_EMAIL)(text)
    except ValidationError:
        raise CommandError(f"--owner-email {text!r}: this is no e-mail address.") from None
    return text


def _photos(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PHOTOS:
        raise CommandError(f"--photos {text}: give a whole number from 0 to {MAX_PHOTOS}.")
    return int(text)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise CommandError(
            f"--iacrea-user-id {text}: give the UUID from iacrea's Espace Développeur."
        ) from None


def _key(text: str, user_id: str | None) -> str:
    if text and not user_id:
        raise CommandError("--iacrea-api-key needs the --iacrea-user-id that it belongs to.")
    # It becomes a header, which could not be sent; never repeated, since it is a secret.
    if not text.isascii() or not text.isprintable() or " " in text:
        raise CommandError("--iacrea-api-key: a key has no spaces and no accents. Copy it again.")
    return text


def _text(opened: NewAgency, as_json: bool) -> str:
    facts = opened.as_dict()
    if as_json:
        return json.dumps(facts)
    return "\n".join(f"{name}: {value}" for name, value in facts.items())

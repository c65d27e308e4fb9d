"""Two agencies and their people for the demo: Alice owns, Bob helps, Charlie must see nothing of
theirs, Dana is support staff. Passwords and keys are random and kept in var/demo.json."""

import json
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.choices import Mode, Role
from accounts.keys import issue_api_key
from accounts.models import Agency, Membership, User
from accounts.services import add_member, find_or_create_user
from config.demo_environment import write_private
from integrations.iacrea.onboarding import AlreadyOpen, open_agency

Seed = dict[str, str]
PHOTOS = 100
TOLD = {"agency_id", "api_key", "test_api_key", "user_id", "iacrea_user_id", "password"}


def seed(path: Path) -> Seed:
    """What an earlier start made, or a new one if the database does not hold it any more."""
    kept = _kept(path)
    if kept and Agency.objects.filter(pk=kept["agency_id"]).exists():
        return kept
    password = secrets.token_urlsafe(9)
    made = {**_make(make_password(password)), "password": password}
    write_private(path, json.dumps(made, indent=2))
    return made


def _kept(path: Path) -> Seed | None:
    """None too for a file that somebody broke: keys and password are then made anew."""
    try:
        kept = json.loads(path.read_text()) if path.exists() else None
    except ValueError:
        return None
    return kept if isinstance(kept, dict) and kept.keys() >= TOLD else None


@transaction.atomic
def _make(hashed: str) -> Seed:
    """`hashed` is the password of all four: hashing takes half a second each time."""
    alice = _agency("Jardins d’Alice", "alice@parterre.example", "Alice Martin")
    _agency("Piscines Charlie", "charlie@parterre.example", "Charlie Petit")
    bob = find_or_create_user(email="bob@parterre.example", name="Bob Durand")
    agency = Agency.objects.get(pk=alice["agency_id"])
    if not Membership.objects.filter(agency=agency, user=bob).exists():
        add_member(agency=agency, user=bob, role=Role.MEMBER)
    dana = find_or_create_user(email="dana@parterre.example", name="Dana Support")
    User.objects.filter(pk=dana.pk).update(is_staff=True, is_superuser=True)
    emails = [f"{name}@parterre.example" for name in ("alice", "bob", "charlie", "dana")]
    User.objects.filter(email__in=emails).update(password=hashed)
    return alice


def _agency(name: str, email: str, owner: str) -> Seed:
    try:
        opened = open_agency(
            name=name,
            owner_email=email,
            owner_name=owner,
            photos=PHOTOS,
            iacrea_api_key=secrets.token_urlsafe(24),  # the emulator takes any key
        )
    except AlreadyOpen:  # var/demo.json was lost, the database was not
        return _reopened(name, email)
    return opened.as_dict()


def _reopened(name: str, email: str) -> Seed:
    """Keys are shown once only: the agency gets new ones."""
    owner = Membership.objects.select_related("agency").get(
        agency__name=name, user__email=email, role=Role.OWNER
    )
    keys = {mode: issue_api_key(agency=owner.agency, mode=mode, name="demo")[1] for mode in Mode}
    return {
        "agency_id": str(owner.agency.pk),
        "api_key": keys[Mode.LIVE],
        "test_api_key": keys[Mode.TEST],
        "user_id": str(owner.user.pk),
        "iacrea_user_id": str(owner.iacrea_user_id),
    }


def welcome(made: Seed) -> str:
    """What a newcomer needs, ending in a line that works as pasted."""
    url = settings.PUBLIC_BASE_URL
    return f"""
Parterre is ready: {url}

  sign in   alice@parterre.example   (owner of Jardins d’Alice)
            bob@parterre.example     (member of the same agency)
            charlie@parterre.example (another agency)
            dana@parterre.example    (support staff: {url}/admin/)
  password  {made["password"]}

  API key   {made["api_key"]}
  test key  {made["test_api_key"]}
  user_id   {made["iacrea_user_id"]}

A picture by iacrea's own call, on this machine:

{_curl(made)}

Ctrl-C stops everything.
"""


def _curl(made: Seed) -> str:
    sample = f"{settings.PUBLIC_BASE_URL}/static/samples"
    body = {
        "user_id": made["iacrea_user_id"],
        "image_url": f"{sample}/garden.jpg",
        "mask_url": f"{sample}/garden-mask.png",
        "room_type": "TERRACE",
        "width": 1280,
        "height": 960,
    }
    return (
        f"curl -X POST {settings.PUBLIC_BASE_URL}/api/create_exterior/generate "
        f"-H 'x-api-key: {made['api_key']}' -H 'Content-Type: application/json' "
        f"-d '{json.dumps(body)}'"
    )

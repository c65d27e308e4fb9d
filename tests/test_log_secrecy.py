"""No secret is in a log of ours, nor who people are: canaries are planted by using the product, and
every address that holds one is called once as nobody should, since that is what Django logs."""

import re
from collections.abc import Iterator

import pytest
import requests

from tests.conftest import mask_bytes, photo_bytes
from tests.servers import Server, serving
from tests.stack import PASSWORD, Stack, running_stack, wait_until

pytestmark = pytest.mark.processes
SIZE = (480, 360)
INVITED = "claire.petit@example.org"
NAME = "order-4711.secrecy"
LINK = re.compile(r"https?://[^\s\"<>]+/(?:comptes|invitations)/[^\s\"<>]+")
HIDDEN = re.compile(r"name=.csrfmiddlewaretoken. value=.(\w+)")
# What the agency's pages would say, asked for where it is kept.
SHARE = """
from projects.models import Generation
from projects.sharing.services import create_link
job = Generation.objects.get(pk={job!r})
print(create_link(project=job.project, author=job.author, generations=[job]).token)
"""
ENDPOINT = """
from accounts.choices import Mode
from accounts.models import Agency
from integrations.webhooks.services import create_endpoint
agency = Agency.objects.get(name="{agency}")
print(create_endpoint(agency=agency, mode=Mode.LIVE, url="{url}").secrets.get().secret)
"""
PASSWORD_OF = """
from accounts.models import User
user = User.objects.get(email="{email}")
user.set_password({password!r})
user.save()
"""
INVITE = """
from accounts.invitations import invite
from accounts.models import Membership
owner = Membership.objects.get(user__email="{owner}")
invite(author=owner, email="{email}", role="member", language="fr")
"""


@pytest.fixture(scope="module")
def garden() -> Iterator[Server]:
    """Also the agency's software: it takes every POST."""
    with serving({"/photo.jpg": photo_bytes(SIZE), "/mask.png": mask_bytes(SIZE)}) as server:
        yield server


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Of its own: its endpoint has no receiver afterwards."""
    with running_stack() as stack:
        yield stack


def run(stack: Stack, code: str) -> str:
    return stack.manage("shell", "--no-imports", "-c", code).strip()


def printed(stack: Stack, code: str) -> str:
    return run(stack, code).splitlines()[-1]


def job_of(stack: Stack, garden: Server) -> str:
    asked = {
        "image_url": f"{garden.origin}/photo.jpg", "mask_url": f"{garden.origin}/mask.png",
        "room_type": "TERRACE", "width": SIZE[0], "height": SIZE[1],
    }  # fmt: skip
    return str(stack.call("create_exterior/generate", asked).json()["generation_id"])


def sign_in(stack: Stack) -> requests.Session:
    run(stack, PASSWORD_OF.format(email=stack.agency["email"], password=PASSWORD))
    session = requests.Session()
    page = f"{stack.url}/comptes/login/"
    token = HIDDEN.findall(session.get(page, timeout=30).text)[0]
    fields = {"login": stack.agency["email"], "password": PASSWORD, "csrfmiddlewaretoken": token}
    done = session.post(page, data=fields, headers={"Referer": page}, timeout=30)
    assert done.status_code == 200 and "sessionid" in session.cookies
    return session


def ask_for_a_new_password(stack: Stack) -> None:
    page = f"{stack.url}/comptes/password/reset/"
    session = requests.Session()
    token = HIDDEN.findall(session.get(page, timeout=30).text)[0]
    fields = {"email": stack.agency["email"], "csrfmiddlewaretoken": token}
    assert session.post(page, data=fields, headers={"Referer": page}, timeout=30).ok


def links_in_mails(stack: Stack) -> set[str]:
    mails = (path.read_text() for path in (stack.var / "mail").glob("*"))
    return {link for mail in mails for link in LINK.findall(mail)}


def logs_of(stack: Stack) -> dict[str, str]:
    """Of our processes: the emulator is a foreign machine."""
    return {name: (stack.var / f"{name}.log").read_text() for name in ("web", "worker")}


def secret_of(link: str) -> str:
    """The longest word of its path; a link may end with the name of a file."""
    return max(re.split(r"[/?=&]", link), key=len)


def test_no_log_has_a_secret_or_a_person(stack: Stack, garden: Server) -> None:
    signing = printed(
        stack, ENDPOINT.format(agency=stack.agency["name"], url=f"{garden.origin}/hooks/entrant")
    )
    made = stack.end_of(job := job_of(stack, garden))
    share = f"{stack.url}/p/{printed(stack, SHARE.format(job=job))}"
    stack.set_faults([{"call": "generate", "status": 500}])
    job_of(stack, garden)
    stack.set_faults([])
    session = sign_in(stack)
    ask_for_a_new_password(stack)
    run(stack, INVITE.format(owner=stack.agency["email"], email=INVITED))
    wait_until(lambda: len(links_in_mails(stack)) >= 2, 60, stack.logs)
    sent = next(line["body"] for line in stack.journal() if line["call"] == "generate")
    ours = {sent["image_url"], sent["mask_url"], sent["webhook"], *made["urls"], share}
    for link in ours | links_in_mails(stack):
        refused = requests.put(link, headers={"X-Request-Id": NAME}, timeout=30)
        assert refused.status_code >= 400, link
    requests.get(f"{stack.url}/nowhere", headers={"x-api-key": stack.agency["api_key"]}, timeout=30)
    secrets = {secret_of(link) for link in ours | links_in_mails(stack)}
    secrets |= {stack.agency[name] for name in ("api_key", "test_api_key", "upstream_key")}
    secrets |= {signing, PASSWORD, *session.cookies.values()}
    secrets |= {stack.environment["SECRET_KEY"], stack.environment["ENCRYPTION_KEYS"]}
    assert len(secrets) >= 16 and all(len(secret) >= 16 for secret in secrets)
    found = logs_of(stack)
    assert NAME in found["web"] and "submit_generation" in found["worker"], "they are the logs"
    for who in (stack.agency["email"], INVITED, stack.agency["name"]):
        assert not [name for name, text in found.items() if who in text], who
    for secret in secrets:
        assert not [name for name, text in found.items() if secret in text], secret[:8]

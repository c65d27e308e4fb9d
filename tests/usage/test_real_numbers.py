"""The page's numbers are the ledger's and the emulator's book's, on the whole product: ten jobs, a
top-up by hand, and a job made outside the platform that is taken over."""

import re
from pathlib import Path

import pytest
import requests

from integrations.emulator import book
from tests.stack import PASSWORD, Stack, wait_until

pytestmark = pytest.mark.processes
JOBS, FAILED, TOP_UP = 10, 2, 25
LATE_S = 300
# Other tests count on their photos with the stack's own agency.
NAME, OWNER = "Jardins Comptés", "counted@example.org"
TOPPED_UP = f"""
from accounts import photo_requests
from accounts.models import *
owner = Membership.objects.get(user__email={OWNER!r})
owner.user.set_password({PASSWORD!r})
owner.user.save()
assert photo_requests.ask(owner, photos={TOP_UP})
assert photo_requests.answer_with_pack(
    PhotoRequest.objects.get(agency=owner.agency), photos={TOP_UP}, invoice_reference="F-1",
    actor_id="dana", reason="paid",
)
"""

ASKED_AN_HOUR_LATER = """
from integrations.iacrea.models import IacreaAccount
from projects import tasks
IacreaAccount.objects.update(credit=None, credit_seen_at=None)
tasks.ask_credits()
"""


def garden(stack: Stack) -> dict[str, object]:
    samples = f"{stack.url}/static/samples"
    return {
        "image_url": f"{samples}/garden.jpg", "mask_url": f"{samples}/garden-mask.png",
        "room_type": "POOL", "width": 1280, "height": 960,
    }  # fmt: skip


def accepted(stack: Stack, count: int) -> list[str]:
    answers = [stack.call("create_exterior/generate", garden(stack)) for _ in range(count)]
    return [answer.json()["generation_id"] for answer in answers]


def outside(stack: Stack) -> str:
    """Straight at the picture service, with the agency's own key; its id there once it is made."""
    who = {"user_id": stack.agency["iacrea_user_id"]}
    headers = {"x-api-key": stack.agency["upstream_key"]}

    def call(name: str, fields: dict[str, object]) -> dict[str, str]:
        url = f"{stack.emulator}/api/create_exterior/{name}"
        answer = requests.post(url, json={**who, **fields}, headers=headers, timeout=30)
        found: dict[str, str] = answer.json()
        return found

    made = call("generate", garden(stack))["generation_id"]
    job = {"generation_id": made}
    wait_until(lambda: call("get", job)["status"].upper() == "SUCCEEDED", LATE_S, stack.logs)
    return made


def taken_over(stack: Stack, made: str, folder: Path) -> None:
    (folder / "old.csv").write_text(
        f"generation_id,user_id\n{made},{stack.agency['iacrea_user_id']}\n"
    )
    path = str(folder / "old.csv")
    said = stack.manage("adopt_generations", path, "--agency", NAME)
    assert "1 taken over" in said


def page(stack: Stack) -> str:
    session = requests.Session()
    session.headers["accept-language"] = "en"
    login = session.get(f"{stack.url}/comptes/login/", timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login.text)
    assert token
    form = {"login": OWNER, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    session.post(f"{stack.url}/comptes/login/", form, timeout=30)
    answer = session.get(f"{stack.url}/utilisation?period=year", timeout=30)
    assert answer.status_code == 200 and answer.url.endswith("/utilisation?period=year")
    return answer.text


def test_the_page_the_ledger_and_the_book_agree(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "agency", stack.create_agency(NAME, OWNER, photos=100))
    before = len(book.read(stack.var / "emulator"))
    stack.set_faults([{"call": "job", "action": "fail"}])
    failing = accepted(stack, FAILED)
    ended = [stack.end_of(job, within_s=LATE_S)["status"] for job in failing]
    stack.set_faults([])
    jobs = accepted(stack, JOBS - FAILED)
    ended += [stack.end_of(job, within_s=LATE_S)["status"] for job in jobs]
    assert ended == ["FAILED"] * FAILED + ["SUCCEEDED"] * (JOBS - FAILED)
    stack.manage("shell", "--no-imports", "-c", TOPPED_UP)
    made = outside(stack)
    taken_over(stack, made, tmp_path)
    whose = [
        each
        for each in book.read(stack.var / "emulator")[before:]
        if each.user_id == stack.agency["iacrea_user_id"]
    ]
    assert len(whose) == JOBS + 1
    taken = sum(each.charged - each.refunded for each in whose)

    stack.manage("shell", "--no-imports", "-c", ASKED_AN_HOUR_LATER)
    html: list[str] = []
    told = r"<span data-credit>(\d+)</span>"

    def known() -> bool:
        html.append(page(stack))
        return re.search(told, html[-1]) is not None

    wait_until(known, LATE_S, stack.logs)
    bill = dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>[+−]?(\d+)</dd>", html[-1]))
    charged = sum(each.charged - each.refunded for each in whose if each.generation_id != made)
    assert int(bill["Charged"]) == charged == JOBS - FAILED and taken == charged + 1
    assert bill["Granted"] == str(100 + TOP_UP)
    assert bill["Available"] == str(100 + TOP_UP - charged) == str(stack.credit())
    assert f"{FAILED} photos were held and given back" in " ".join(html[-1].split())
    newest = re.search(r'data-name="Available after">(\d+)<', html[-1])
    assert newest and newest[1] == bill["Available"]
    credit = re.search(told, html[-1])
    assert credit and int(credit[1]) == 1_000_000 - taken
    assert "0 differences" in stack.manage("audit_ledger")

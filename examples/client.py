"""Ask for a picture and wait for it: python client.py PHOTO MASK POOL OUT.png"""

import os
import sys
import time
import uuid
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

API = os.environ.get("PARTERRE_URL", "http://127.0.0.1:8000") + "/api/v1"
SESSION = requests.Session()
# A server may close a connection that rests just as it is used again.
SESSION.mount("http", HTTPAdapter(max_retries=Retry(3, backoff_factor=1)))
SESSION.headers["Authorization"] = f"Bearer {os.environ['PARTERRE_KEY']}"


def call(method: str, path: str, **options: Any) -> Any:
    answer = SESSION.request(method, f"{API}/{path}", timeout=30, **options)
    if not answer.ok:  # a problem says what was wrong, and what to do
        sys.exit(f"{answer.json()['code']}: {answer.json()['detail']}")
    return answer.json()


def upload(path: str, kind: str) -> str:
    with open(path, "rb") as file:
        return str(call("POST", "uploads", files={"file": file}, data={"kind": kind})["id"])


def main(photo: str, mask: str, room_type: str, out: str) -> None:
    wish = {
        "image": upload(photo, "photo"), "mask": upload(mask, "mask"), "room_type": room_type,
    }  # fmt: skip
    # The same key again, should the answer be lost, asks for no second picture.
    once = {"Idempotency-Key": str(uuid.uuid4())}
    job = call("POST", "generations", json=wish, headers=once)
    while job["status"] in ("STARTING", "PROCESSING"):
        time.sleep(2)
        job = call("GET", f"generations/{job['id']}")
    if job["status"] != "SUCCEEDED":
        sys.exit(f"{job['failure_code']}: the photo was given back")
    with open(out, "wb") as file:
        file.write(requests.get(job["urls"][0], timeout=60).content)


if __name__ == "__main__":
    main(*sys.argv[1:])

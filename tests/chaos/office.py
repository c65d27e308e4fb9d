"""The agencies' own server: where photos lie, and where webhooks arrive."""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.servers import Reply, Request, Server

SIZE = (96, 72)


class Office(Server):
    """`ends` has the webhook-ids of the calls for each job."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.photo, self.mask = png("RGB", (90, 130, 60)), png("L", 255)
        self.ends: dict[str, list[str]] = {}
        super().__init__(self._answer, address)

    def _answer(self, request: Request) -> Reply:
        if request.method == "POST":
            self.ends.setdefault(request.json()["generation_id"], []).append(
                request.headers["webhook-id"]
            )
            return Reply(204)
        files = {"/photo.png": self.photo, "/mask.png": self.mask, "/text.png": b"no picture"}
        if request.path == "/slow.png":
            return Reply(hang=True)
        body = files.get(request.path)
        return Reply(body=body) if body else Reply(404)


def png(mode: str, colour: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, SIZE, colour).save(out, "PNG")
    return out.getvalue()

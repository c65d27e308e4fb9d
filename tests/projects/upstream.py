"""iacrea as these tests need it: accepts, has finished at once, and serves the picture."""

from tests.conftest import photo_bytes
from tests.servers import Reply, Request, Server


class Upstream(Server):
    """`submits` and `gets` are the ids, in the order in which they came."""

    def __init__(self) -> None:
        self.picture = photo_bytes((400, 300), "PNG")
        super().__init__(self._answer)

    @property
    def submits(self) -> list[str]:
        return [r.json()["image_url"] for r in self.requests if r.path.endswith("/generate")]

    @property
    def gets(self) -> list[str]:
        return [r.json()["generation_id"] for r in self.requests if r.path.endswith("/get")]

    def _answer(self, request: Request) -> Reply:
        if request.method == "GET":
            return Reply(body=self.picture)
        if request.path.endswith("/get"):
            url = f"{self.origin}/{request.json()['generation_id']}.png"
            return Reply.json({"status": "SUCCEEDED", "urls": [url]})
        return Reply.json({"generation_id": f"up-{len(self.requests)}"})

"""Real HTTP servers on loopback that answer as a test tells them to."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """`drip_s` pauses before each byte of the body; `hang` sends nothing until the test ends;
    `reset` breaks the connection after the request was read."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drip_s: float = 0
    hang: bool = False
    reset: bool = False

    @classmethod
    def json(cls, value: Any, status: int = 200, **headers: str) -> "Reply":
        text = json.dumps(value).encode()
        return cls(status, text, {"content-type": "application/json", **headers})


Answer = Callable[[Request], Reply]


class Listener(ThreadingHTTPServer):
    # With the usual 5 a burst of callers is kept waiting for seconds, as if nobody were there.
    request_queue_size = 128


class Server:
    """`origin` to call it at; `requests` that it got, in order."""

    def __init__(self, answer: Answer, address: str = "127.0.0.1") -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self._http = Listener((address, 0), self._handler())
        self._http.daemon_threads = True
        self.origin = f"http://{address}:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.command, self.path, headers, self.rfile.read(length))
                server.requests.append(request)
                self.send(server.answer(request))

            do_GET = do_POST = do_HEAD = do  # http.server's names

            def send(self, reply: Reply) -> None:
                if reply.hang:
                    server.ended.wait(60)
                    return
                if reply.reset:
                    lingering = struct.pack("ii", 1, 0)  # close() then sends RST instead of FIN
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if "content-length" not in reply.headers:
                    self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                for part in self.parts(reply):
                    self.wfile.write(part)

            def parts(self, reply: Reply) -> Iterator[bytes]:
                if not reply.drip_s:
                    yield reply.body
                    return
                for byte in reply.body:
                    if server.ended.is_set():
                        return
                    time.sleep(reply.drip_s)
                    yield bytes([byte])

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True  # the client cut it: that is what is tested

            def log_message(self, *_args: object) -> None:
                pass

        return Handler


@contextmanager
def serving(files: dict[str, bytes | Reply]) -> Iterator[Server]:
    """A server of files by path; 404 for any other."""

    def answer(request: Request) -> Reply:
        found = files.get(request.path, Reply(404))
        return found if isinstance(found, Reply) else Reply(body=found)

    with Server(answer) as server:
        yield server

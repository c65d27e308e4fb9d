"""Servers on loopback that answer badly, byte by byte."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

Talk = Callable[[socket.socket], None]
# No server outlives its test by more than this.
PATIENCE = 4.0


class Server:
    """Accepts until closed; reads each request into `requests` and lets `talk` answer it."""

    def __init__(self, talk: Talk, tls: ssl.SSLContext | None = None, reads: bool = True) -> None:
        self.talk, self.tls, self.reads = talk, tls, reads
        self.connections = 0
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def close(self) -> None:
        # shutdown wakes the accept; close alone does not.
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return  # closed
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        with suppress(OSError):  # the client hangs up: in most tests it must
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            if self.reads:
                self.requests.append(_read_request(sock))
            self.talk(sock)
        sock.close()


def _read_request(sock: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            raise ConnectionError("no request")
        data += more
    return data


def says(*parts: bytes, pause: float = 0) -> Talk:
    """Send the parts with a pause between them, and close."""

    def talk(sock: socket.socket) -> None:
        for part in parts:
            sock.sendall(part)
            time.sleep(pause)

    return talk


def answer(body: bytes = b"ok", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", status=status)


def drips(head: bytes, drop: bytes = b"x", pause: float = 0.05) -> Talk:
    """Send the head, then a drop now and then until the client hangs up."""
    return says(head, *[drop] * int(PATIENCE / pause), pause=pause)


def resets(*parts: bytes) -> Talk:
    """Send the parts, then RST instead of FIN."""

    def talk(sock: socket.socket) -> None:
        says(*parts, pause=0.05)(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return talk


def hangs(sock: socket.socket) -> None:
    """Nothing, until the client hangs up."""
    while sock.recv(65536):
        pass


def never_reads(_sock: socket.socket) -> None:
    time.sleep(PATIENCE)

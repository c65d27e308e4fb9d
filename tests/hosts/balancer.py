"""A load balancer: each connection goes to a web host that said lately that it is well."""

import select
import socket
import threading
import time
from contextlib import suppress
from itertools import count
from socketserver import BaseRequestHandler, ThreadingTCPServer

import requests

CHECK_EVERY_S, CHECK_WITHIN_S = 1.0, 2.0
CONNECT_S = 2.0
PIECE = 64 * 1024


class Balancer(ThreadingTCPServer):
    """Listens on `address`; `hosts` are tried in turn."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], hosts: list[tuple[str, int]]) -> None:
        self.well = dict.fromkeys(hosts, False)
        self._turn = count()
        self.ended = threading.Event()
        self._serving = threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        super().__init__(address, _Connection)

    def start(self) -> None:
        for host in self.well:
            threading.Thread(target=self._check_on, args=(host,), daemon=True).start()
        self._serving.start()

    def stop(self) -> None:
        self.ended.set()
        if self._serving.ident:  # shutdown() would wait for ever for who never served
            self.shutdown()
        self.server_close()

    def hosts(self) -> list[tuple[str, int]]:
        """Those that are well, another one first each time; all of them when none is."""
        well = [host for host, is_well in self.well.items() if is_well] or list(self.well)
        first = next(self._turn) % len(well)
        return well[first:] + well[:first]

    def _check_on(self, host: tuple[str, int]) -> None:
        while not self.ended.wait(CHECK_EVERY_S):
            try:
                url = f"http://{host[0]}:{host[1]}/healthz"
                self.well[host] = requests.get(url, timeout=CHECK_WITHIN_S).ok
            except requests.RequestException:
                self.well[host] = False


class _Connection(BaseRequestHandler):
    server: Balancer

    def handle(self) -> None:
        for host in self.server.hosts():
            with suppress(OSError), socket.create_connection(host, CONNECT_S) as backend:
                backend.settimeout(None)
                self._pass_on(backend, host)
                return

    def _pass_on(self, backend: socket.socket, host: tuple[str, int]) -> None:
        """Until one side closes, or the host is not well any more."""
        other = {self.request: backend, backend: self.request}
        began = time.monotonic()
        while self.server.well[host] or time.monotonic() - began < CHECK_WITHIN_S:
            ready, _, _ = select.select(list(other), [], [], 0.5)
            for side in ready:
                piece = side.recv(PIECE)
                if not piece:
                    return
                other[side].sendall(piece)

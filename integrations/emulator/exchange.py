"""One request and its answer: the instrument that the fault actions play on."""

import os
import select
import socket
import struct
from http.server import BaseHTTPRequestHandler

from integrations.emulator import journal
from integrations.emulator.calls import CALLS
from integrations.emulator.machine import Machine
from integrations.emulator.messages import Refusal, Reply, Request, refusal_reply

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def write_head(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    own = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.content))}
    handler.send_response(reply.status)
    told = {name.title(): value for name, value in reply.headers.items()}
    for name, value in {**own, **told}.items():
        handler.send_header(name, value)
    handler.end_headers()


class Exchange:
    def __init__(
        self, handler: BaseHTTPRequestHandler, machine: Machine, call: str | None, request: Request
    ) -> None:
        self.machine = machine
        self._handler = handler
        self._call = call
        self._request = request
        self._number = 0

    def begin(self, fault: str | None) -> None:
        """Into the journal before anything else happens, so that a kill loses no request."""
        with self.machine.store.transaction() as db:
            self._number = journal.arrived(db, self._request, self._call, fault)

    def accept(self) -> Reply:
        """Do the work; what comes back is the real answer, not sent yet."""
        try:
            reply = self._call_it()
        except Refusal as refusal:
            return refusal_reply(refusal)
        if reply.generation_id:
            with self.machine.store.transaction() as db:
                journal.concerned(db, self._number, reply.generation_id)
        return reply

    def send(self, reply: Reply) -> None:
        self.send_head(reply)
        self.write(reply.content)

    def send_head(self, reply: Reply) -> None:
        """In the journal first: a client that has its answer finds it there."""
        with self.machine.store.transaction() as db:
            journal.answered(db, self._number, reply.status)
        write_head(self._handler, reply)

    def write(self, content: bytes) -> None:
        if self._request.method != "HEAD":
            self._handler.wfile.write(content)

    def linger(self, seconds: float) -> None:
        """Leave the client waiting, as long as it does wait."""
        waiting = select.poll()  # unlike select(), at home with any number of connections
        waiting.register(self._handler.connection, select.POLLIN)
        waiting.poll(seconds * 1000)

    def cut(self) -> None:
        """End the connection politely after what was written."""
        self._handler.close_connection = True

    def reset(self) -> None:
        """End it with a TCP reset: the client sees "connection reset by peer"."""
        connection = self._handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        # close() would wait for the handler's own files, and shutdown() would send a FIN first.
        os.close(connection.detach())
        self.cut()

    def _call_it(self) -> Reply:
        if self._call is None:
            raise Refusal(404, f"There is no {self._request.method} {self._request.path} here.")
        return CALLS[self._call](self.machine, self._request)

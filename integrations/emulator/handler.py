"""From the socket to a call: `http.server`, because the faults need the socket itself."""

from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from integrations.emulator import answers, calls, tools
from integrations.emulator.exchange import Exchange, write_head
from integrations.emulator.faults.fault import Fault
from integrations.emulator.machine import Machine
from integrations.emulator.messages import Refusal, Request, refusal_reply

MAX_BODY = 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """One instance for each connection; `handler_for` gives it its machine."""

    machine: Machine
    protocol_version = "HTTP/1.1"
    server_version = "Emulator"
    disable_nagle_algorithm = True  # head and body are two writes: 40 ms on a kept connection
    timeout = 60  # seconds without a byte from the client

    def do_GET(self) -> None:
        if urlsplit(self.path).path in tools.TOOLS:
            self._answer_tool()
        else:
            self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the journal has it, and a picture's address is a secret."""

    def _answer(self) -> None:
        request = self._request()
        try:
            request = replace(request, content=self._content())
        except Refusal as refusal:
            self.close_connection = True  # what was not read would be taken for a next request
            self._exchange(None, request, None).send(refusal_reply(refusal))
            return
        call = calls.call_of(request.method, request.path)
        fault = self._fault_for(call, request) if call else None
        answers.answer(self._exchange(call, request, fault.action if fault else None), fault)

    def _fault_for(self, call: str, request: Request) -> Fault | None:
        return self.machine.faults.pick(calls.subject_of(self.machine, call, request))

    def _exchange(self, call: str | None, request: Request, fault: str | None) -> Exchange:
        exchange = Exchange(self, self.machine, call, request)
        exchange.begin(fault)
        return exchange

    def _answer_tool(self) -> None:
        reply = tools.answer(self.machine, self.path, self.client_address[0])
        write_head(self, reply)
        self.wfile.write(reply.content)

    def _request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host, port = self.connection.getsockname()[:2]
        origin = f"http://{headers.get('host') or f'{host}:{port}'}"
        return Request(self.command, urlsplit(self.path).path, headers, b"", origin)

    def _content(self) -> bytes:
        """Raises `Refusal`."""
        if "transfer-encoding" in self.headers:
            raise Refusal(411, "Send a Content-Length.")
        length = self.headers.get("content-length", "0")
        if not length.isdecimal():
            raise Refusal(400, "Content-Length must be a number.")
        if int(length) > MAX_BODY:
            raise Refusal(413, f"The body must be at most {MAX_BODY} bytes.")
        return self.rfile.read(int(length))


def handler_for(machine: Machine) -> type[Handler]:
    return type("MachineHandler", (Handler,), {"machine": machine})

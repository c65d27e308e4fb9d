"""As much of WebDriver as a journey takes, over what each browser speaks by itself: Firefox its
Marionette, WebKitGTK the HTTP of WebKitWebDriver. Nothing is between us and the browser."""

import json
import socket
import time
from collections.abc import Sequence
from typing import Any, Protocol

import requests

WAIT_S = 30
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Wire(Protocol):
    """`touch` says whether a finger comes as a finger, or else as the mouse."""

    touch: bool

    def call(self, command: str, **fields: Any) -> Any: ...


class Marionette:
    """Firefox: `length:[0, number, command, fields]` through a socket, and the same back."""

    touch = True

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=2 * WAIT_S)
        self._answers = self._socket.makefile("rb")
        self._read()  # its greeting
        self._number = 0
        self.call("NewSession")

    def call(self, command: str, **fields: Any) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, f"WebDriver:{command}", fields]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise BrowserError(f"{command} {fields}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def _read(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) not in (b":", b""):
            length += byte
        return json.loads(self._answers.read(int(length)))


class Http:
    """WebKitWebDriver. To it the pointer is the mouse, whatever it is said to be."""

    touch = False
    PATHS = {
        "Navigate": "url",
        "FindElement": "element",
        "ElementSendKeys": "element/{id}/value",
        "ExecuteScript": "execute/sync",
        "PerformActions": "actions",
        "SetWindowRect": "window/rect",
    }

    def __init__(self, port: int) -> None:
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy stands between the two
        self._url = f"http://127.0.0.1:{port}/session"
        session = self._post("", {"capabilities": {"alwaysMatch": {}}})["sessionId"]
        self._url += f"/{session}"

    def call(self, command: str, **fields: Any) -> Any:
        path = self.PATHS[command].format(id=fields.pop("id", ""))
        return self._post(f"/{path}", fields)

    def _post(self, path: str, fields: dict[str, Any]) -> Any:
        answer = self._http.post(self._url + path, json=fields, timeout=2 * WAIT_S)
        value = answer.json()["value"]
        if not answer.ok:
            raise BrowserError(f"{path} {fields}: {value['error']}: {value['message']}")
        return value


class BrowserError(Exception):
    """What the browser says of a command that it does not carry out."""


class Page:
    """A window, by CSS selectors and the pointer."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def open(self, url: str) -> None:
        self.wire.call("Navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """A function, called in the page."""
        body = f"return ({script})(...arguments)"
        return self.wire.call("ExecuteScript", script=body, args=list(arguments))

    def type(self, selector: str, text: str) -> None:
        """Also a file's path into a field for files, of which none need be seen."""
        self.see("s => document.querySelector(s)", selector)
        found = self.wire.call("FindElement", using="css selector", value=selector)
        self.wire.call("ElementSendKeys", id=found[ELEMENT], text=text)

    def see(self, script: str, *arguments: Any, within_s: float = WAIT_S) -> Any:
        """What a function gives, once it gives something."""
        end = time.monotonic() + within_s
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < end, f"not within {within_s} s: {script} {arguments}"
            time.sleep(0.1)
        return found

    def tap(self, selector: str) -> None:
        x, y = self.see(MIDDLE, selector)
        self.draw([(x, y)])

    def draw(self, points: Sequence[tuple[float, float]]) -> None:
        """Down at the first point, through the others, and up."""
        first, *others = [
            {"type": "pointerMove", "duration": 0, **whole(point)} for point in points
        ]
        moves = [{**move, "duration": 20} for move in others]
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        kind = {"pointerType": "touch" if self.wire.touch else "mouse"}
        actions = [first, down, *moves, up]
        hand = {"type": "pointer", "id": "hand", "parameters": kind, "actions": actions}
        self.wire.call("PerformActions", actions=[hand])


def whole(point: tuple[float, float]) -> dict[str, int]:
    return {"x": round(point[0]), "y": round(point[1])}


# In the middle of the window, so that nothing that sticks to an edge lies over it.
MIDDLE = """selector => {
  const element = document.querySelector(selector);
  if (!element?.getClientRects().length) return null;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}"""

"""A person of the staff at the desk: sees one page at a time, uses what stands on it, and nothing
else. Each search, link, text, choice and button is one action."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from projects.desk.planting.complaint import Complaint

VOID = {"input", "br", "img", "link", "meta", "hr"}
ROWS = {"tr", "li"}
UNSEEN = {"script", "style", "title"}


class NotOnThePage(AssertionError):
    """What was reached for is not there."""


@dataclass
class Link:
    """`row`: all that its line of a table or list says."""

    href: str
    text: str = ""
    row: str = ""


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)  # what a person may fill in
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, words


class Page(HTMLParser):
    """The links, forms and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._link: Link | None = None
        self._in_row: list[Link] = []
        self._row: list[str] = []
        self._form: Form | None = None
        self._name = ""  # of the textarea, select or button that is open
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag in ROWS:
            self._row, self._in_row = [], []
        elif tag == "a" and "href" in given:
            self._link = Link(given["href"])
            self.links.append(self._link)
            self._in_row.append(self._link)
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form:
            self._of_form(tag, given, self._form)

    def _of_form(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if "disabled" in given:
            return
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, given.get("value", ""), given.get("value", "")))
        elif tag == "option":
            if "selected" in given or self._name not in form.fields:
                form.fields[self._name] = given.get("value", "")
        elif tag in ("textarea", "select"):
            self._name = name
            form.typed.add(name)
        elif tag == "input" and name:
            form.fields[name] = given.get("value", "")
            form.typed |= {name} - ({name} if kind == "hidden" else set())

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "a":
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag in ROWS:
            for link in self._in_row:
                link.row = " ".join(self._row)

    def handle_data(self, data: str) -> None:
        if set(self._open) & UNSEEN or not data.strip():
            return
        self.words.append(data)
        self._row.append(data.strip())
        if self._link:
            self._link.text += data
        if self._form and "button" in self._open and self._form.buttons:
            name, value, words = self._form.buttons[-1]
            self._form.buttons[-1] = (name, value, words + data.strip())
        if self._form and "textarea" in self._open:
            self._form.fields[self._name] = data.strip()


class Desk:
    """`actions` since it sat down; `complaint` is the paper in its hand."""

    def __init__(self, client: Client, complaint: Complaint) -> None:
        self.client = client
        self.complaint = complaint
        self.actions = 0
        self._load(self.client.get(reverse("admin:index")))

    @property
    def text(self) -> str:
        return self.page.text

    def find(self, piece: str) -> None:
        """Paste a piece of what the customer wrote, and press Enter."""
        assert piece in f"{self.complaint.words} {self.complaint.sender}", "they did not say that"
        box = next((form for form in self.page.forms if "q" in form.typed), None)
        if box is None:
            raise NotOnThePage("the search box")
        self.actions += 1
        self._load(self.client.get(box.action, {"q": piece}, follow=True))

    def follow(self, what: str, *, within: str = "", place: int = 0) -> None:
        """The first link with this in its words or address, in a line that says `within`, or the
        one at `place`."""
        links = [each for each in self.page.links if what in f"{each.text} {each.href}"]
        links = [each for each in links if within in each.row]
        if not links:
            raise NotOnThePage(f"a link {what!r} {within!r}: {self.page.links}")
        self.actions += 1
        self._load(self.client.get(links[place].href, follow=True))

    def command(self, name: str) -> None:
        """The button of a command, if it can be pressed."""
        self.follow(f"/commande/{name}/")

    def fill(self, **fields: str) -> None:
        """Type each text, make each choice."""
        form = self._form_with(set(fields))
        self.actions += len(fields)
        form.fields.update(fields)

    def press(self, words: str = "") -> None:
        """A button by what stands on it, or the one of the form that was filled in."""
        form, button = self._button(words)
        self.actions += 1
        sent = {**form.fields, **({button[0]: button[1]} if button[0] else {})}
        address = form.action or self.address
        self._load(self.client.post(address, sent, follow=True))

    def _button(self, words: str) -> tuple[Form, tuple[str, str, str]]:
        posting = [form for form in self.page.forms if form.method == "post"]
        for form in posting:
            for button in form.buttons:
                if (words and words in button[2]) or (not words and "reason" in form.typed):
                    return form, button
        raise NotOnThePage(f"a button {words!r}")

    def _form_with(self, names: set[str]) -> Form:
        for form in self.page.forms:
            if names <= form.typed:
                return form
        raise NotOnThePage(f"fields {names}")

    def _load(self, response: Any) -> None:
        assert response.status_code == 200, response.status_code
        self.address = response.request["PATH_INFO"]
        if query := response.request.get("QUERY_STRING"):
            self.address += f"?{query}"
        self.page = Page(response.content.decode())

    @property
    def row_id(self) -> str:
        """Of the row whose page this is."""
        found = re.search(r"/([0-9a-f-]{32,36})/change/", self.address)
        assert found, self.address
        return found[1]

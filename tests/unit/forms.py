"""Pages read, and forms sent, as a browser without scripts does."""

import io
import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HTML = {"Accept": "text/html"}


class _Forms(HTMLParser):
    """The forms of a page: [{action, names: {name: value}, buttons: [(name, value, text)]}]."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "form":
            self.forms.append({"action": told.get("action") or "", "values": {}, "buttons": []})
        if not self.forms:
            return
        values = self.forms[-1]["values"]
        if tag == "input" and name and told.get("type") not in ("checkbox", "radio", "file"):
            values[name] = value
        if tag == "input" and told.get("type") in ("checkbox", "radio") and "checked" in told:
            values[name] = value
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and (self._select not in values or "selected" in told):
            values[self._select] = value
        if tag == "textarea":
            self._area = name
            values[name] = ""
        if tag == "button" and name:
            self.forms[-1]["buttons"].append(value)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1]["values"][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""


def read(client: FlaskClient, address: str) -> str:
    """A page that must be there."""
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return answer.text


def form_on(page: str, with_field: str) -> dict[str, Any]:
    """The form of a page that has an input of that name."""
    parser = _Forms()
    parser.feed(page)
    return next(form for form in parser.forms if with_field in form["values"] or with_field in form["buttons"])


def send(client: FlaskClient, address: str, values: dict[str, Any]) -> TestResponse:
    """Send a form."""
    return client.post(address, data=values, headers=HTML, content_type="multipart/form-data")


def photo(content: bytes, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    """A chosen file."""
    return io.BytesIO(content), name


def errors_on(page: str) -> list[str]:
    """What the summary above a form says is wrong."""
    return re.findall(r'<li><a href="#[^"]*">([^<]*)</a></li>', page)

"""Sending one request at random, and what holds for its answer whatever it was.

Must not know: which server answers.
"""

import gzip
import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from werkzeug.test import Client, TestResponse

from tests.faults.http_api.at_random import Sent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def ask(app: "WSGIApplication", sent: Sent, *, prefix: str = "", authorization: str = "") -> TestResponse:
    """The answer, read to its end: a fault in the middle of one shows here."""
    address = prefix + sent.address
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_URI": address,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
    }
    headers = [(name, value) for name, value in sent.headers.items() if name != "Content-Type"]
    if authorization:
        headers.append(("Authorization", authorization))
    return Client(app, use_cookies=False).open(
        method=sent.method,
        environ_overrides=environ,
        headers=headers,
        content_type=sent.headers["Content-Type"],
        input_stream=BytesIO(sent.body),  # as it stands: the client would make a form of nothing
        buffered=True,
    )


def assert_is_an_answer(answer: TestResponse) -> None:
    """No fault of ours, no traceback, and a refusal in CouchDB's shape."""
    assert answer.status_code != 500, answer.data
    for name, value in answer.headers:
        assert name.isascii()
        value.encode("latin-1")
        assert "\n" not in value
    if answer.headers.get("Content-Encoding") != "gzip":
        assert b"Traceback" not in answer.data
        assert b'File "' not in answer.data
    if answer.status_code >= 400 and answer.data:
        told = json.loads(answer.data)
        assert set(told) == {"error", "reason"}, told
        assert all(isinstance(each, str) for each in told.values())


def refused_rows(sent: Sent, answer: TestResponse) -> set[str]:
    """The ids of which an answer of `_bulk_docs` tells refusals only."""
    if answer.status_code != 201 or "_bulk_docs" not in sent.address or answer.headers.get("Content-Encoding"):
        return set()
    rows: list[dict[str, Any]] = json.loads(answer.data)
    if json.loads(_unpacked(sent)).get("new_edits") is False:
        return set()  # there an id may come several times, and only refusals are told
    return {row["id"] for row in rows if "error" in row} - {row["id"] for row in rows if "error" not in row}


def _unpacked(sent: Sent) -> bytes:
    return gzip.decompress(sent.body) if sent.headers.get("Content-Encoding") == "gzip" else sent.body

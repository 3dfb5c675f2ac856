"""A link that breaks while a body comes in is ordinary: nothing is stored, and the log stays quiet."""

import logging
import socket
import struct
import time

import pytest

from sync.http_api.blueprint import create_app
from sync.store.memory import MemoryDatabases
from sync.web.serving import running


@pytest.mark.parametrize("headers", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_a_body_that_breaks_off_stores_nothing_and_is_no_fault(
    headers: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    databases = MemoryDatabases()
    databases.create("notes")
    with caplog.at_level(logging.WARNING), running(create_app(databases, uuid="0" * 32)) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST /notes/_bulk_docs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
            client.sendall(headers + b"\r\n\r\n" + b"4000\r\n" + b'{"docs":[' + b" " * 2000)
            time.sleep(0.2)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.3)
    assert [record.getMessage() for record in caplog.records] == []
    assert databases.open("notes").info().doc_count == 0

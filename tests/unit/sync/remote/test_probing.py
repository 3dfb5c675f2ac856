"""A probe tells in a few bytes whether anybody answers, and is not taken in by boxes on the way."""

import socket
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from fixtures.link_weak import WeakLink
from sync.remote.probing import answers
from sync.web.serving import running


@pytest.fixture
def link() -> Iterator[WeakLink]:
    with running(Flask("anybody")) as port, WeakLink(f"127.0.0.1:{port}") as link:
        yield link


def reaches(link: WeakLink, scheme: str = "http") -> bool:
    return answers(f"{scheme}://127.0.0.1:{link.port}", timeout_seconds=5)


def test_a_server_is_reached_for_a_few_bytes(link: WeakLink) -> None:
    assert reaches(link)
    time.sleep(0.1)
    assert link.bytes_up <= 30
    assert link.bytes_down <= 300


def test_a_server_that_speaks_tls_there_is_reached_as_well(link: WeakLink) -> None:
    assert reaches(link, "https")


def test_a_link_that_takes_connections_and_carries_nothing_is_dead(link: WeakLink) -> None:
    link.down()
    assert not reaches(link)
    link.up()
    assert reaches(link)


def test_who_takes_a_connection_and_says_nothing_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        assert not answers(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.2)
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("url", ["", "http://", "nonsense", "http://a..b:80", "http://127.0.0.1:99999", "ftp://x"])
def test_an_address_that_is_none_is_not_reached(url: str) -> None:
    assert not answers(url, timeout_seconds=0.2)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert not answers(f"http://127.0.0.1:{port}", timeout_seconds=1)

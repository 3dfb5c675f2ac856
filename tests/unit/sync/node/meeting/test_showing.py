"""What a node shows: its badge to nodes, the certificate of the settings to browsers, each on one port."""

import os
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.node.meeting.badge import read_badge
from sync.node.meeting.showing import Showing
from sync.node.node import Node
from sync.remote.pinning import NODE_NAME
from sync.web.serving import running
from sync.web.tls import browser_context
from tests.unit.sync.node.county import certificate, give
from tests.unit.sync.web.certificates import make_certificate

Make = Callable[..., Node]


def hello(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@contextmanager
def met(showing: Showing, *, name: str, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Iterator[ssl.SSLSocket]:
    """A connection of a client that names its server so."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode, context.maximum_version = False, ssl.CERT_NONE, newest
    with (
        running(hello, threads=2, tls=showing) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as link,
    ):
        yield link


def shown_to(showing: Showing, name: str = NODE_NAME) -> bytes:
    with met(showing, name=name) as link:
        return link.getpeercert(binary_form=True) or b""


def test_a_node_shows_its_key_and_from_enrolment_on_its_certificate(make_node: Make) -> None:
    node = make_node("k3m7q")
    showing = Showing(node)
    badge = read_badge(shown_to(showing))
    assert (badge.public_key, badge.certificate) == (node.identity.keys.public, None)
    for issue in (1, 2):
        vouched = certificate(node, "t0wn1", issue=issue)
        give(node, vouched)
        assert read_badge(shown_to(showing)).certificate == vouched


def test_what_was_shown_once_is_not_made_anew(make_node: Make) -> None:
    showing = Showing(make_node("k3m7q"))
    assert showing() is showing()


def test_the_key_is_on_no_disk_once_it_is_shown(make_node: Make, tmp_path: Path, monkeypatch) -> None:
    place = tmp_path / "for a moment"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    Showing(make_node("k3m7q"))()
    assert os.listdir(place) == []


@pytest.fixture
def both(make_node: Make, tmp_path: Path) -> Showing:
    """A node that has a certificate for browsers, too."""
    return Showing(make_node("k3m7q"), browsers=browser_context(*make_certificate(tmp_path)))


def test_browsers_are_shown_the_certificate_of_the_settings_and_nodes_the_badge(both: Showing, tmp_path: Path) -> None:
    pem = (tmp_path / "chain.pem").read_text()
    assert shown_to(both, "localhost") == ssl.PEM_cert_to_DER_cert(pem)
    assert read_badge(shown_to(both)).certificate is None


def test_an_old_browser_is_served(both: Showing) -> None:
    with met(both, name="localhost", newest=ssl.TLSVersion.TLSv1_2) as link:
        assert link.version() == "TLSv1.2"


def test_the_nodes_key_signs_in_no_older_version_even_for_one_who_asks_by_its_name(both: Showing) -> None:
    with pytest.raises(ssl.SSLError), met(both, name=NODE_NAME, newest=ssl.TLSVersion.TLSv1_2):
        pass

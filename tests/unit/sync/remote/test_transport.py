"""One request and its answer, or the error that says why there was none."""

import datetime
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fixtures.link_weak import WeakLink
from sync.errors import (
    BadRequest,
    Conflict,
    FileExists,
    Forbidden,
    LinkDown,
    LinkTimeout,
    NotFound,
    NotOffered,
    PeerBusy,
    ProtocolError,
    SyncError,
    TooLarge,
    Unauthorized,
)
from sync.http_api.api import create_app
from sync.remote.transport import Transport, split_database_url
from sync.store.memory import MemoryDatabases
from sync.web.serving import running
from sync.web.tls import browser_context
from tests.unit.sync.remote.conftest import Heard, Said, Scripted

LONG_BODY = b'{"text":"' + b"x" * 5000 + b'"}'


@pytest.fixture
def transport(scripted: Scripted) -> Iterator[Transport]:
    opened = Transport(scripted.url, timeout_seconds=2)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "9" * 40}, 999_999_999),
        ({"Retry-After": "Wed, 21 Oct 2015 07:30:00 GMT", "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 120),
        ({"Retry-After": "Wed, 21 Oct 2015 07:20:00 GMT", "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:30:00 GMT"}, 0),
    ],
)
def test_a_busy_peer_says_when_it_wants_to_be_asked_again(
    transport: Transport, scripted: Scripted, headers: dict[str, str], seconds: float
) -> None:
    scripted.answering = lambda heard: Said(503, headers=headers)
    with pytest.raises(PeerBusy) as busy:
        transport.ask("GET", ("db",))
    assert busy.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("status", "word", "kind"),
    [
        (400, "bad_request", BadRequest),
        (401, "unauthorized", Unauthorized),
        (403, "forbidden", Forbidden),
        (404, "not_found", NotFound),
        (409, "conflict", Conflict),
        (412, "file_exists", FileExists),
        (413, "too_large", TooLarge),
        (429, "too_many_requests", PeerBusy),
        (500, "internal_server_error", ProtocolError),
        (501, "not_implemented", NotOffered),
        (503, "service_unavailable", PeerBusy),
    ],
)
def test_what_the_peer_reports_is_raised_with_its_own_sentence(
    scripted: Scripted, transport: Transport, status: int, word: str, kind: type[SyncError]
) -> None:
    scripted.say({"error": word, "reason": "because"}, status=status)
    with pytest.raises(kind, match="because"):
        transport.ask("GET", ("db",))


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (500, ProtocolError), (502, PeerBusy), (302, ProtocolError), (403, Forbidden)]
)
def test_an_answer_that_is_no_couchdb_error_is_judged_by_its_status(
    scripted: Scripted, transport: Transport, status: int, kind: type[SyncError]
) -> None:
    scripted.answering = lambda heard: Said(status, b"<html>proxy</html>", {"Location": "/elsewhere"})
    with pytest.raises(kind) as raised:
        transport.ask("GET", ("db",))
    if isinstance(raised.value, ProtocolError):
        assert raised.value.answer == b"<html>proxy</html>"
    assert len(scripted.heard) == 1, "redirects are not followed"


def test_nobody_listening_is_a_link_that_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(LinkDown, match="nobody listens there"):
        Transport(f"http://127.0.0.1:{port}").ask("GET", ("db",))


@pytest.mark.parametrize("name", ["nowhere.invalid", "a..b", "a" * 300])
def test_an_unknown_machine_is_a_link_that_is_down(name: str) -> None:
    with pytest.raises(LinkDown, match="no machine by that name"):
        Transport(f"http://{name}").ask("GET", ("db",))


def test_silence_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        transport = Transport(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.1)
        with pytest.raises(LinkTimeout, match=r"silent for 0\.1 s"):
            transport.ask("GET", ("db",))
        transport.close()


def test_silence_in_the_middle_of_an_answer_is_a_timeout(scripted: Scripted) -> None:
    scripted.answering = lambda heard: Said(body=b"{}", headers={"Content-Length": "100"})
    transport = Transport(scripted.url, timeout_seconds=0.1)
    with pytest.raises(LinkTimeout):
        transport.ask("GET", ("db",))
    transport.close()


def test_an_answer_that_breaks_off_is_a_link_that_is_down(scripted: Scripted, transport: Transport) -> None:
    scripted.answering = lambda heard: Said(body=b'{"rows":[1,2,3]}', cut=5)
    with pytest.raises(LinkDown):
        transport.ask("GET", ("db",))


def test_a_reset_connection_is_a_link_that_is_down(scripted: Scripted) -> None:
    with WeakLink(scripted.host, cut_after_bytes=50) as link:
        transport = Transport(f"http://127.0.0.1:{link.port}")
        with pytest.raises(LinkDown, match=r"reset|broke"):
            transport.ask("GET", ("db",))
        transport.close()


def test_after_a_broken_connection_the_next_request_opens_another(scripted: Scripted, transport: Transport) -> None:
    scripted.answering = lambda heard: Said(body=b"{}", cut=1)
    with pytest.raises(LinkDown):
        transport.ask("GET", ("db",))
    scripted.say({"ok": True})
    assert transport.ask("GET", ("db",)).body == b'{"ok":true}'


def test_requests_share_one_connection_and_few_headers(scripted: Scripted, transport: Transport) -> None:
    for _ in range(3):
        transport.ask("GET", ("db",))
    assert transport.traffic.connections == 1
    assert set(scripted.heard[0].headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_an_address_below_shares_connection_and_meter(scripted: Scripted, transport: Transport) -> None:
    below = transport.within("couch")
    transport.ask("GET", ("exchange",))
    below.ask("GET", ("db",))
    assert [heard.target for heard in scripted.heard] == ["/exchange", "/couch/db"]
    assert below.traffic == transport.traffic
    assert transport.traffic.connections == 1


def test_bytes_are_counted_as_they_cross_the_link(scripted: Scripted) -> None:
    scripted.say({"text": "y" * 3000})
    with WeakLink(scripted.host) as link:
        transport = Transport(f"http://127.0.0.1:{link.port}")
        transport.ask("POST", ("db",), body=LONG_BODY)
        transport.ask("GET", ("db", "doc"), query={"revs": "true"})
        traffic = transport.traffic
        transport.close()
        assert (traffic.bytes_sent, traffic.bytes_received) == (link.bytes_up, link.bytes_down)
    assert (traffic.round_trips, traffic.connections) == (2, 1)
    assert traffic.bytes_received > 3000


@pytest.mark.parametrize(
    ("segment", "sent"),
    [
        ("plain", "plain"),
        ("a/b", "a%2Fb"),
        ("a b+c", "a%20b%2Bc"),
        ("台账", "%E5%8F%B0%E8%B4%A6"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("50%", "50%25"),
        ("q?#&=", "q%3F%23%26%3D"),
    ],
)
def test_any_id_is_one_segment_of_the_path(scripted: Scripted, transport: Transport, segment: str, sent: str) -> None:
    transport.ask("GET", ("db", segment), query={"since": segment})
    path, _, query = scripted.heard[0].target.partition("?")
    assert path == f"/db/{sent}"
    assert query == "since=" + sent.replace("%2E", ".")


def test_the_prefix_of_the_url_stands_before_every_path(scripted: Scripted) -> None:
    transport = Transport(scripted.url + "/couch/")
    transport.ask("GET", ("db",))
    transport.close()
    assert scripted.heard[0].target == "/couch/db"


def test_on_a_link_of_any_length_small_bodies_go_plain_and_large_ones_compressed(scripted: Scripted) -> None:
    with WeakLink(scripted.host, rtt_ms=30) as link:
        transport = Transport(f"http://127.0.0.1:{link.port}")
        transport.ask("POST", ("db",), body=b'{"a":1}')
        transport.ask("POST", ("db",), body=LONG_BODY)
        transport.close()
    assert "Content-Encoding" not in scripted.heard[0].headers
    assert len(scripted.heard[1].sent) < 200
    assert [heard.body for heard in scripted.heard] == [b'{"a":1}', LONG_BODY]
    assert [heard.headers["Accept-Encoding"] for heard in scripted.heard] == ["gzip", "gzip"]


def test_between_two_that_are_next_to_each_other_nothing_is_compressed(
    scripted: Scripted, transport: Transport
) -> None:
    answered_at_once(transport)
    scripted.heard.clear()
    transport.ask("POST", ("db",), body=LONG_BODY)
    assert scripted.heard[0].sent == LONG_BODY
    assert scripted.heard[0].headers["Accept-Encoding"] == "identity"


def answered_at_once(transport: Transport) -> None:
    """Ask for little until one answer was not held up by whatever else this machine does."""
    for _ in range(100):
        begun = time.monotonic()
        transport.ask("GET", ("db",))
        if time.monotonic() - begun < 0.004:
            return
    pytest.fail("this machine is too busy to answer anything at once")


@pytest.mark.parametrize("status", [400, 415, 500])
def test_a_peer_that_cannot_read_compressed_bodies_is_sent_plain_ones_from_then_on(
    scripted: Scripted, transport: Transport, status: int
) -> None:
    scripted.answering = lambda heard: Said(status if "Content-Encoding" in heard.headers else 200)
    transport.ask("POST", ("db",), body=LONG_BODY)
    transport.ask("POST", ("db",), body=LONG_BODY)
    assert ["Content-Encoding" in heard.headers for heard in scripted.heard] == [True, False, False]


def test_a_bad_request_stays_one_and_a_peer_that_reads_compressed_bodies_is_not_asked_twice(
    scripted: Scripted, transport: Transport
) -> None:
    transport.ask("POST", ("db",), body=LONG_BODY)
    scripted.say({"error": "bad_request", "reason": "no"}, status=400)
    with pytest.raises(BadRequest, match="no"):
        transport.ask("POST", ("db",), body=LONG_BODY)
    assert len(scripted.heard) == 2


def test_every_request_is_signed_over_what_is_really_sent(scripted: Scripted) -> None:
    signed: list[tuple[str, str, bytes]] = []

    def sign(method: str, target: str, body: bytes, *, brief: bool = False) -> dict[str, str]:
        assert not brief
        signed.append((method, target, body))
        return {"Authorization": f"Number {len(signed)}"}

    transport = Transport(scripted.url + "/couch", sign=sign)
    transport.ask("GET", ("db",), query={"since": "1 2"})
    transport.ask("POST", ("db",), body=LONG_BODY)
    transport.close()
    assert signed == [(heard.method, heard.target, heard.sent) for heard in scripted.heard]
    assert [heard.headers["Authorization"] for heard in scripted.heard] == ["Number 1", "Number 2"]


def test_name_and_password_travel_as_basic_and_show_nowhere(
    scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    transport = Transport(f"http://me:s%3Acret%40@{scripted.host}")
    scripted.say({"error": "unauthorized", "reason": "Name or password is incorrect."}, status=401)
    with pytest.raises(Unauthorized) as raised:
        transport.ask("GET", ("db",))
    transport.close()
    assert scripted.heard[0].headers["Authorization"] == "Basic bWU6czpjcmV0QA=="
    assert "cret" not in str(raised.value) + transport.address + caplog.text


def test_a_conversation_has_no_header_that_says_nothing_and_says_who_asks(scripted: Scripted) -> None:
    for url, named in ((scripted.url, set()), (f"http://me:secret@{scripted.host}", {"Authorization"})):
        transport = Transport(url, timeout_seconds=2)
        assert list(transport.converse(("exchange",), b"told", signed=b"", content_type="application/x-yizhan"))
        transport.close()
        assert set(scripted.heard[-1].headers) == {"Host", "Content-Type", "Content-Length"} | named


def test_headers_given_go_with_every_request_and_above_those_of_the_url(scripted: Scripted) -> None:
    transport = Transport(f"http://me:secret@{scripted.host}", headers={"x-who": "us", "Authorization": "Bearer t"})
    transport.ask("GET", ("db",))
    transport.close()
    assert scripted.heard[0].headers["x-who"] == "us"
    assert scripted.heard[0].headers["Authorization"] == "Bearer t"


def test_a_request_that_waits_can_be_cut_from_another_thread(scripted: Scripted) -> None:
    transport = Transport(scripted.url)
    held, let_go = threading.Event(), threading.Event()

    def hold(heard: Heard) -> Said:
        held.set()
        let_go.wait(20)
        return Said()

    scripted.answering = hold

    def cut() -> None:
        assert held.wait(20)
        transport.cut()

    threading.Thread(target=cut).start()
    with pytest.raises(LinkDown):
        transport.ask("GET", ("db", "_changes"), feed_seconds=20)
    let_go.set()
    scripted.answering = lambda heard: Said()
    assert transport.ask("GET", ("db",)).status == 200
    transport.close()


def test_a_dead_link_names_the_machine_and_nothing_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        host = f"127.0.0.1:{gone.getsockname()[1]}"
    transport = Transport(f"http://me:secret@{host}/couch")
    with pytest.raises(LinkDown) as raised:
        transport.ask("GET", ("db", "110101199003077758"), query={"rev": "1-x"})
    assert raised.value.reason == f"http://{host}: nobody listens there"


def test_the_environment_has_no_say_in_where_a_request_goes(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    transport = Transport(scripted.url)
    assert transport.ask("GET", ("db",)).status == 200
    transport.close()


@pytest.mark.parametrize("url", ["", "centre:5984", "ftp://centre/db", "http://", "http://centre:port/", "http://[::1"])
def test_what_is_no_server_is_refused(url: str) -> None:
    with pytest.raises(BadRequest):
        Transport(url)


@pytest.mark.parametrize(
    ("url", "server", "name"),
    [
        ("http://centre:5984/db", "http://centre:5984", "db"),
        ("https://a:b@centre/couch/db/", "https://a:b@centre/couch", "db"),
        ("http://centre/a%2Fb", "http://centre", "a/b"),
    ],
)
def test_a_database_is_the_last_part_of_its_url(url: str, server: str, name: str) -> None:
    assert split_database_url(url) == (server, name)


@pytest.mark.parametrize("url", ["http://centre", "http://centre/", "db", ""])
def test_a_url_without_a_database_is_refused(url: str) -> None:
    with pytest.raises(BadRequest):
        split_database_url(url)


def test_a_body_that_takes_longer_than_the_timeout_still_arrives(scripted: Scripted) -> None:
    incompressible = random.Random(1).randbytes(40_000).hex().encode()
    with WeakLink(scripted.host, rate_kbit=256) as link:
        transport = Transport(f"http://127.0.0.1:{link.port}", timeout_seconds=0.7)
        transport.ask("POST", ("db",), body=incompressible)
        transport.close()
    assert link.bytes_up * 8 / 256_000 > 1, "it was slower than the timeout"


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own making; its address and that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "station")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = tmp_path / "certificate.pem", tmp_path / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    databases = MemoryDatabases()
    databases.create("db")
    app = create_app(databases, uuid="test")
    context = browser_context(str(chain), str(secret))
    with running(app, threads=2, tls=lambda: context) as port:
        yield f"https://127.0.0.1:{port}", chain


def test_a_pinned_certificate_is_trusted_whatever_name_it_bears(tls_server: tuple[str, Path]) -> None:
    url, pinned = tls_server
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(pinned)
    transport = Transport(url, tls=context)
    assert transport.ask("GET", ("db",)).status == 200
    assert transport.traffic.bytes_received > 0
    transport.close()


@pytest.mark.parametrize("tls", [None, ssl.create_default_context()], ids=["the system's trust", "a context"])
def test_a_certificate_nobody_vouches_for_is_refused_and_no_reason_to_wait(
    tls_server: tuple[str, Path], tls: ssl.SSLContext | None
) -> None:
    transport = Transport(tls_server[0], tls=tls)
    with pytest.raises(ProtocolError, match="certificate"):
        transport.ask("GET", ("db",))
    transport.close()

"""The run upward: what it costs, what it survives, and that nothing is believed carried that was not."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from werkzeug.wrappers import Request, Response

from fixtures.link_weak import WeakLink
from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.errors import LinkError, ProtocolError, Unauthorized, UnsupportedType
from sync.http_api.feeds import FeedGate
from sync.node.acts.recording import Act, record
from sync.node.node import Node
from sync.node.road import answering, conversing
from sync.node.road.marks import Marks
from sync.node.road.photo_lane import PhotoLane
from sync.node.road.upward import Upward
from sync.node.sharing import UPSTREAM
from sync.records.clock import Quality, time_text
from sync.records.ids import blobs_database, station_database
from sync.store.ledger.contacts import contact
from sync.store.ledger.custody import last_arrival
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import begin_life
from sync.store.ledger.set_aside import count_aside
from sync.store.ledger.settings import all_settings, put_settings
from sync.values.changes import START
from sync.values.documents import Document, Edit, Wanted
from sync.web.serving import running
from sync.wire.conversation import Kind
from sync.wire.frames import write_frame
from sync.wire.stream import packed, proposed
from tests.unit.sync.node.conftest import SetClock
from tests.unit.sync.node.county import doors, introduce, served

Make = Callable[..., Node]
HOME = "station_k3m7q"


class Link:
    """A village and its township over a socket; `serve` begins the township's side anew."""

    def __init__(self, township: Node, village: Node, stack: ExitStack) -> None:
        self.township, self.village = township, village
        self._stack, self._serving = stack, stack.enter_context(ExitStack())
        self._url = ""
        self.serve()

    def serve(self) -> None:
        """Begin, or begin anew with nothing remembered in memory on either side, at another port."""
        self._serving.close()
        self._upstream(self._serving.enter_context(served(self.township)))

    def restart_township(self) -> None:
        """Begin anew above alone, at the same port."""
        self._serving.close()
        self._serving.enter_context(served(self.township, port=int(self._url.rpartition(":")[2])))

    def serve_app(self, app: Callable[..., object]) -> None:
        self._serving.close()
        self._upstream(f"http://127.0.0.1:{self._serving.enter_context(running(app))}")  # type: ignore[arg-type]

    def _upstream(self, url: str) -> None:
        self._url = url
        self.village.rewrite_identity(lambda tx: put_settings(tx, {"node.upstream": url}))
        self.upward = Upward(self.village, timeout_seconds=5)
        self._stack.callback(self.upward.close)

    def marks(self) -> dict[str, str]:
        told = self.village.read(all_settings)
        return {name: value for name, value in told.items() if name.startswith("upward.")}


@pytest.fixture
def link(make_node: Make) -> Iterator[Link]:
    township, village = make_node("t0wn1", "990281101000"), make_node("k3m7q")
    introduce(township, village)
    for name in (station_database("k3m7q"), blobs_database("k3m7q")):
        township.ensure_database(name)
    with ExitStack() as stack:
        yield Link(township, village, stack)


def take(node: Node, tail: str, **more: str) -> str:
    fields = {"receipt_number": tail, "received_at": time_text(node.clock()), "item_name": "高龄津贴", **more}
    told = Act(f"case:k3m7q-{tail}", "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
    return node.write(lambda tx: record(tx, node.documents, node.identity, told)).id


def documents(node: Node) -> int:
    return node.documents.database(HOME).info().doc_count


def test_a_run_with_nothing_new_is_one_round_trip_and_moves_nothing(link: Link) -> None:
    take(link.village, "one")
    first = link.upward.run()
    assert first.carried == 1
    link.upward.run()
    before = link.marks(), link.village.read(last_arrival), link.township.read(last_arrival)
    idle = link.upward.run()
    assert (idle.carried, idle.refused, idle.traffic.round_trips) == (0, (), 1)
    assert before == (link.marks(), link.village.read(last_arrival), link.township.read(last_arrival))


def test_what_holds_nothing_above_is_told_from_the_beginning_without_being_compared(link: Link) -> None:
    for number in range(30):
        take(link.village, f"n{number}")
    run = link.upward.run()
    assert run.carried == 30
    # One that asks, one that tells, and one more for what is to be said of that; the public database is compared.
    assert run.traffic.round_trips <= 8
    assert documents(link.township) == 30


def test_what_holds_anything_above_is_compared(link: Link) -> None:
    for number in range(3):
        take(link.village, f"n{number}")
    link.upward.run()
    link.village.write(Marks(link.village).forget_all)
    assert link.upward.run().carried == 0
    stands = link.village.documents.database(HOME).info().update_seq
    assert Marks(link.village).pushed(HOME) == stands


def test_a_start_on_either_side_costs_no_second_look(link: Link) -> None:
    take(link.village, "one")
    link.upward.run()
    link.upward.run()
    link.serve()  # both begin anew: a new `Upward` here, a new gatekeeper there
    assert link.upward.run().traffic.round_trips == 1


def test_a_node_above_that_started_anew_is_reached_in_the_same_run(link: Link) -> None:
    link.upward.run()
    link.restart_township()
    take(link.village, "one")
    assert link.upward.run().carried == 1
    assert link.upward.run().traffic.round_trips == 1


NONSENSE = (
    b"",
    b"<html>login</html>",
    b"[]",
    b"{}",
    b'{"statements": [], "heard": "", "databases": {}}',
    b'{"statements": [], "heard": "life", "databases": {}}',
    b'{"statements": [], "heard": "life:x", "databases": {}}',
    b'{"statements": [{"kind": 1}], "heard": "life:1", "databases": {}}',
    b'{"statements": [], "heard": "life:1", "databases": {"station_k3m7q": 7}}',
    b'{"statements": [], "heard": "life:1", "databases": {}, "at": "noon"}',
)


def in_frames(text: bytes) -> bytes:
    return b"".join(packed([(write_frame(Kind.ANSWER, text), True), (write_frame(Kind.END), True)], proposed()))


def test_an_answer_that_makes_no_sense_moves_nothing(link: Link) -> None:
    take(link.village, "one")
    link.upward.run()
    take(link.village, "two")
    before, body = link.marks(), b""
    link.serve_app(lambda environ, start: Response(body, content_type="application/json")(environ, start))
    for body in (*NONSENSE, *(in_frames(text) for text in NONSENSE)):
        with pytest.raises(ProtocolError):
            link.upward.run()
        assert link.marks() == before, body
    known = link.village.read(lambda reader: contact(reader, UPSTREAM))
    assert known is not None
    assert known.failed_ms == link.village.clock()
    link.serve()
    assert link.upward.run().carried == 1


def test_an_answer_lost_after_the_peer_took_everything_in_is_asked_for_again(link: Link) -> None:
    app, lost = doors(link.township, FeedGate()), []

    def losing(environ: dict[str, object], start: Callable[..., object]) -> object:
        answer = Response.from_app(app.wsgi_app, environ)
        if Request(environ).path == "/exchange" and len(lost) < 3:
            lost.append(answer.status_code)
            answer = Response("gone", status=503)
        return answer(environ, start)

    take(link.village, "one")
    link.serve_app(losing)
    for _ in range(3):
        with pytest.raises(LinkError):
            link.upward.run()
    assert lost == [200] * 3
    assert link.upward.run().carried == 1
    assert documents(link.township) == 1


def test_a_node_above_in_a_new_life_is_told_everything_again(link: Link) -> None:
    take(link.village, "one")
    link.upward.run()
    link.upward.run()
    sent = Marks(link.village).sent()
    place = fingerprint_of(link.township.engine.directory / "yizhan.sqlite")
    link.township.documents.databases.destroy(HOME)
    link.township.documents.databases.create(HOME)
    link.township.rewrite_identity(
        lambda tx: begin_life(tx, "restore", fingerprint=place, now_ms=link.township.clock())
    )
    link.township.write(lambda tx: tx.execute("DELETE FROM statements WHERE kind != 'certificate'"))
    link.serve()
    # A CouchDB reads the feed of a database made anew from its beginning, and so it is told back once.
    assert link.upward.run().carried in (1, 2)
    assert documents(link.township) == 1
    assert Marks(link.village).peer_life() == link.township.identity.life
    assert Marks(link.village).sent() == link.village.read(last_arrival) >= sent
    assert link.township.read(lambda reader: reader.one("SELECT 1 FROM statements WHERE kind = 'seal'")) is not None


def test_a_new_life_and_the_forgotten_marks_are_one_write(link: Link) -> None:
    take(link.village, "one")
    link.upward.run()
    marks = Marks(link.village)

    def note(heard: str, *, fallen: bool = False) -> bool:
        return link.village.write(lambda tx: marks.note_exchange(tx, sent=9, heard=heard, version=1, fallen=fallen))

    assert note("another:3")
    assert link.marks() == {"upward.heard": "another:3", "upward.version": "1"}
    assert not note("another:4")
    marks.note_pushed(HOME, "7")
    assert note("another:4", fallen=True)
    assert not note("another:5")
    marks.note_pushed(HOME, "7")
    assert note("another:4")  # it has gone back in the life it lives
    assert (marks.sent(), marks.pushed(HOME)) == (0, "")


def test_what_is_refused_above_is_reported_and_delays_nothing_else(link: Link) -> None:
    stranger = b'{"type":"case","events":[{"writer":"nobody"}]}'
    link.village.documents.database(HOME).write([Edit("case:k3m7q-bad", None, stranger)])
    take(link.village, "one")
    run = link.upward.run()
    assert run.carried == 1
    ((database, doc_id, reason),) = run.refused
    assert (database, doc_id) == (HOME, "case:k3m7q-bad")
    assert reason
    assert documents(link.township) == 1
    assert link.township.read(count_aside) == 1
    assert link.upward.run().refused == ()
    assert link.township.read(count_aside) == 1


def test_a_run_that_is_to_stop_carries_no_more_and_marks_nothing(link: Link) -> None:
    take(link.village, "one")
    run = link.upward.run(stop=lambda: True)
    assert (run.carried, run.traffic.round_trips) == (0, 1)
    assert Marks(link.village).pushed(HOME) in ("", START)
    assert link.upward.run().carried == 1


def test_a_stop_within_a_batch_leaves_the_mark_where_it_was(link: Link) -> None:
    for at in range(3):
        take(link.village, f"n{at}")
    answers = iter([False, False, False])  # after that, stop
    link.upward.run(stop=lambda: next(answers, True))
    assert Marks(link.village).pushed(HOME) in ("", START, link.village.documents.database(HOME).info().update_seq)
    link.upward.run()
    assert documents(link.township) == 3


def test_a_clock_that_went_back_by_years_is_noted_and_then_rests(link: Link, clock: SetClock) -> None:
    link.upward.run()
    clock.now_ms += 20 * 365 * 86_400_000
    link.serve_app(Response(b"", content_type="application/json"))
    with pytest.raises(ProtocolError):
        link.upward.run()
    clock.now_ms -= 30 * 365 * 86_400_000
    link.serve()
    link.upward.run()
    known = link.village.read(lambda reader: contact(reader, UPSTREAM))
    assert known is not None
    assert (known.succeeded_ms, known.failed_ms, known.error) == (clock.now_ms, None, "")
    clock.now_ms += 1000
    link.upward.run()
    assert link.village.read(lambda reader: contact(reader, UPSTREAM)) == known


def test_a_node_above_that_knows_us_no_more_is_told_apart_from_a_broken_link(link: Link) -> None:
    writer = link.village.identity.writer
    link.township.write(lambda tx: tx.execute("UPDATE certificates SET revoked = 1 WHERE writer = ?", (writer,)))
    with pytest.raises(Unauthorized):
        link.upward.run()


def cutting(link: Link, allow: int) -> Callable[..., object]:
    """The township's doors behind a link that breaks once, after so many bytes of an exchange have arrived."""
    app, broken = doors(link.township, FeedGate()), []

    class Arriving:
        def __init__(self, stream: object) -> None:
            self.stream, self.left = stream, allow

        def read1(self, size: int = -1) -> bytes:
            piece = self.stream.read1(min(size, self.left)) if self.left else b""  # type: ignore[attr-defined]
            self.left -= len(piece)
            if not self.left:
                broken.append(1)
                raise ConnectionError("cut")
            return bytes(piece)

        read = read1

    def answer(environ: dict[str, object], start: Callable[..., object]) -> object:
        if Request(environ).path == "/exchange" and not broken and "chunked" in str(environ):
            environ["wsgi.input"] = Arriving(environ["wsgi.input"])
        return app.wsgi_app(environ, start)

    return answer


def test_many_records_go_up_in_one_round_trip_with_the_receipts_for_them(link: Link) -> None:
    link.upward.run()
    link.upward.run()
    for number in range(60):
        take(link.village, f"n{number:02}")
    run = link.upward.run()
    assert (run.carried, run.traffic.round_trips) == (60, 1)
    assert documents(link.township) == 60
    assert link.upward.run().traffic.round_trips == 1


def test_what_comes_from_above_is_never_told_back(link: Link) -> None:
    link.upward.run()
    link.upward.run()
    fields = {"status_note": "x" * 3000, "received_at": time_text(link.village.clock())}
    told = Act("case:k3m7q-above", "received", fields, "acct:li", link.village.clock(), Quality.CONFIRMED)
    link.township.write(lambda tx: record(tx, link.township.documents, link.township.identity, told))
    down = link.upward.run()
    assert documents(link.village) == 1
    assert down.traffic.bytes_sent < 2_500
    assert link.upward.run().traffic.round_trips == 1


@pytest.mark.parametrize("allow", [1, 300, 5_000, 20_000, 30_000])
def test_a_link_that_breaks_while_records_go_up_repeats_little_and_loses_nothing(link: Link, allow: int) -> None:
    link.upward.run()
    link.upward.run()
    chance = random.Random(allow)
    for number in range(60):
        take(link.village, f"n{number:02}", note=f"{chance.getrandbits(4000):x}")
    link.serve_app(cutting(link, allow))
    with pytest.raises(LinkError):
        link.upward.run()
    arrived = documents(link.township)
    run = link.upward.run()
    assert documents(link.township) == 60
    assert 0 <= run.carried - (60 - arrived) <= 12  # of about a kilobyte each
    assert link.upward.run().traffic.round_trips == 1


def test_a_restart_after_a_broken_link_sends_what_it_must_again_and_ends_equal(link: Link) -> None:
    link.upward.run()
    link.upward.run()
    for number in range(60):
        take(link.village, f"n{number:02}", note=f"{random.Random(number).getrandbits(4000):x}")
    link.serve_app(cutting(link, 20_000))
    with pytest.raises(LinkError):
        link.upward.run()
    link.serve()
    link.upward.run()
    assert documents(link.township) == 60


def test_a_node_above_without_our_dictionary_is_spoken_to_without(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    link.upward.run()
    monkeypatch.setattr("sync.http_api.node_routes.dictionary_of", lacking_all)
    take(link.village, "one")
    assert link.upward.run().carried == 1
    assert link.upward.run().traffic.round_trips == 1


def lacking_all(content_type: str) -> None:
    if ";" in content_type:
        raise UnsupportedType("this node has not got that dictionary")


def correct(node: Node, doc_id: str, phone: str) -> None:
    told = Act(doc_id, "corrected", {"phone": phone}, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, told))


def worn(node: Node, tail: str) -> str:
    """A case with twenty events, no two alike."""
    doc_id = take(node, tail, note=f"{random.Random(tail).getrandbits(8000):x}")
    for number in range(19):
        correct(node, doc_id, f"139{number:08}")
    return doc_id


def phone_of(node: Node, doc_id: str) -> str:
    (found,) = node.documents.database(HOME).read([Wanted(doc_id)])
    assert isinstance(found, Document)
    return str(found.fields()["state"]["phone"])


def test_one_field_edited_on_a_case_that_both_hold_costs_less_than_a_kilobyte_up(link: Link) -> None:
    link.upward.run()
    link.upward.run()
    doc_id = worn(link.village, "old")
    whole = link.upward.run().traffic
    correct(link.village, doc_id, "13900000042")
    edit = link.upward.run().traffic
    assert whole.bytes_sent > 2_000
    assert edit.bytes_sent < 1_000  # with the seal and the receipt that go along; a CouchDB's sequences are long
    assert edit.bytes_received < 600
    assert (edit.round_trips, phone_of(link.township, doc_id)) == (1, "13900000042")


def test_a_version_that_is_gone_above_is_made_good_in_the_same_run(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    link.upward.run()
    link.upward.run()
    doc_id = worn(link.village, "old")
    link.upward.run()
    monkeypatch.setattr(answering, "_version", lambda *asked: None)
    correct(link.village, doc_id, "13900000042")
    take(link.village, "behind-it")
    run = link.upward.run()
    assert (phone_of(link.township, doc_id), documents(link.township)) == ("13900000042", 2)
    assert run.traffic.round_trips == 2
    assert link.upward.run().traffic.round_trips == 1


def test_a_case_edited_on_both_sides_at_once_ends_equal(link: Link) -> None:
    link.upward.run()
    link.upward.run()
    doc_id = worn(link.village, "old")
    link.upward.run()
    correct(link.village, doc_id, "13900000042")
    told = Act(doc_id, "accepted", {}, "acct:li", link.township.clock(), Quality.CONFIRMED)
    link.township.write(lambda tx: record(tx, link.township.documents, link.township.identity, told))
    for _ in range(3):
        link.upward.run()
    assert phone_of(link.township, doc_id) == phone_of(link.village, doc_id) == "13900000042"
    trees = [node.documents.database(HOME).tree(doc_id) for node in (link.village, link.township)]
    assert trees[0] is not None
    assert trees[0].leaves() == trees[1].leaves()


def test_one_run_carries_a_backlog_however_many_exchanges_it_takes(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    link.upward.run()
    link.upward.run()
    for limit in ("MOST_TOLD_BYTES", "_LEAST_TOLD_BYTES"):
        monkeypatch.setattr(conversing, limit, 4_000)
    link.serve()
    for number in range(40):
        take(link.village, f"n{number:02}")
    run = link.upward.run()
    assert run.carried == 40
    assert run.traffic.round_trips > 4
    assert link.upward.run().traffic.round_trips == 1


def photograph(node: Node, size: int, *, seed: int = 1) -> str:
    content = random.Random(seed).randbytes(size)
    blobs = node.documents.database(blobs_database("k3m7q"))
    return store_bytes(blobs.graft, content, media_type="image/jpeg").root


def holds(node: Node, root: str) -> bool:
    return is_complete(node.documents.database(blobs_database("k3m7q")), root)


def test_while_the_lane_of_the_photos_is_shut_records_go_and_photos_wait(link: Link) -> None:
    link.upward.run()
    doc_id, root = take(link.village, "one"), photograph(link.village, 50_000)
    counted: list[int] = []
    run = link.upward.run(photos=PhotoLane(lambda told: False, counted.append))
    assert documents(link.township) == 1, doc_id
    assert not holds(link.township, root)
    assert (run.photo_bytes, counted) == (0, [])
    run = link.upward.run(photos=PhotoLane(note=counted.append))
    assert holds(link.township, root)
    assert 50_000 <= run.photo_bytes <= 55_000
    assert sum(counted) == run.photo_bytes
    assert run.traffic.bytes_sent >= 50_000


def test_a_lane_that_shuts_on_the_way_ends_at_the_next_mark_and_goes_on_there_another_time(link: Link) -> None:
    link.upward.run()
    root = photograph(link.village, 200_000)
    run = link.upward.run(photos=PhotoLane(lambda told: told < 60_000))
    assert 60_000 <= run.photo_bytes <= 60_000 + 2 * (16 << 10)
    assert not holds(link.township, root)
    rest = link.upward.run()
    assert holds(link.township, root)
    assert run.photo_bytes + rest.photo_bytes <= 215_000  # nothing went twice


def test_what_is_known_of_no_mark_is_compared_only_while_the_lane_is_open(link: Link) -> None:
    root = photograph(link.village, 100_000)  # before they ever met
    counted: list[int] = []
    run = link.upward.run(photos=PhotoLane(lambda told: False, counted.append))
    assert not holds(link.township, root)
    assert (run.photo_bytes, counted) == (0, [])
    run = link.upward.run(photos=PhotoLane(note=counted.append))
    assert holds(link.township, root)
    assert run.photo_bytes >= 100_000
    assert sum(counted) == run.photo_bytes


def test_who_meets_the_node_above_while_the_lane_is_shut_tells_photos_later_at_their_own_weight(link: Link) -> None:
    shut = PhotoLane(lambda told: False)
    link.upward.run(photos=shut)
    root = photograph(link.village, 100_000)
    link.upward.run(photos=shut)
    assert not holds(link.township, root)
    run = link.upward.run()
    assert holds(link.township, root)
    assert run.traffic.bytes_sent < 105_000  # not as JSON


def test_photos_that_a_cut_lost_are_counted_too(link: Link) -> None:
    link.upward.run()
    photograph(link.village, 600_000)
    counted: list[int] = []
    port = int(link._url.rpartition(":")[2])
    with WeakLink(f"127.0.0.1:{port}", cut_after_bytes=200_000) as weak:
        link._upstream(f"http://127.0.0.1:{weak.port}")
        with pytest.raises(LinkError):
            link.upward.run(photos=PhotoLane(note=counted.append))
        assert sum(counted) >= 200_000 * 0.9

"""Following a store, signing what it holds, taking in what others signed: on real stores."""

from functools import partial

import pytest

from sync.blobs.reading import is_complete
from sync.blobs.storing import store_bytes
from sync.custody.avowals import find_avowal, make_avowal, read_avowal
from sync.custody.certificates import Certificate, certify
from sync.custody.gathering import case_standing, hops_above
from sync.custody.holdings import events_of, follow
from sync.custody.issuing import Own, issue_avowals, issue_receipts, issue_seal, stations_of
from sync.custody.quittances import make_quittance
from sync.custody.receipts import Holding, Receipt, make_receipt, read_receipt
from sync.custody.seals import make_seal, read_seal
from sync.custody.sightings import make_sighting
from sync.custody.standing import Status
from sync.custody.taking import take
from sync.records.events import event_hash, new_event, read_event
from sync.store.engine import Engine
from sync.store.ledger.alarms import open_alarms, settle_alarm
from sync.store.ledger.custody import last_arrival, newest_statement, put_statement, statements_about, statements_of
from sync.store.ledger.lives import all_lives, begin_life, current_life, found_node, raise_epoch
from sync.store.ledger.own_steps import OwnStep, note_own_step
from sync.store.ledger.writers import append_own, note_event, own_position
from sync.trust import keys
from sync.trust.chain import read_digest
from sync.typed import replace
from sync.values.documents import Document, Edit, Outcome, Wanted
from sync.values.json_text import canonical
from sync.values.statements import Signed
from tests.statements import all_statements

CENTRE, TOWN, VILLAGE, SISTER, SISTERS = (keys.load(bytes(range(start, start + 32))) for start in range(5))
LIFE = "00c0ffee00c0ffee"
HEAD = bytes(range(32))
AT = "2026-03-02T09:00:00+08:00"
CERTIFICATES = (
    certify(CENTRE, Certificate(CENTRE.public, "centre", "centre", "990281000000", "青溪县", "")),
    certify(CENTRE, Certificate(TOWN.public, "t1", "township", "990281101000", "柳河镇", "centre")),
    certify(CENTRE, Certificate(VILLAGE.public, "v1", "village", "990281101201", "石桥村", "t1")),
)


@pytest.fixture
def engine(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.write(lambda tx: found_node(tx, VILLAGE, fingerprint="m:1:1", now_ms=1))
        for name in ("station_v1", "blobs_v1", "public"):
            engine.databases.create(name)
        yield engine


OWN = Own(VILLAGE, "v1")


def _take(engine, *statements, own=OWN, now_ms=1):
    return engine.write(lambda tx: take(tx, own, statements, centre_key=CENTRE.public, now_ms=now_ms))


def _event(number, previous="", *, fields=None, writer=VILLAGE.writer, life=LIFE):
    return new_event(
        "noted",
        fields or {"n": str(number)},
        writer=writer,
        life=life,
        number=number,
        previous=previous,
        seen=(),
        order="0" * 16,
        at=AT,
        clock="heard",
        by="acct:wang",
        level="village",
    ).json


def _chain(count, **others):
    events, previous = [], ""
    for number in range(1, count + 1):
        events.append(_event(number, previous, **others))
        previous = event_hash(events[-1])
    return events


def _keep(engine, doc_id, *events):
    database = engine.database("station_v1")
    (found,) = database.read([Wanted(doc_id)])
    parent = found.revision if isinstance(found, Document) else None
    (outcome,) = database.write([Edit(doc_id, parent, canonical({"type": "case", "events": list(events)}))])
    assert outcome.error is None


def _follow(engine, name="station_v1"):
    def whole(database, root):
        return is_complete(engine.database(database), root)

    noted = follow(engine, engine.database(name), now_ms=7, is_complete=whole)
    assert not noted.more
    return noted


def _issue(engine, *stations, now_ms=1_770_000_000_000):
    return engine.write(lambda tx: issue_receipts(tx, OWN, stations or ("v1",), now_ms=now_ms))


def _receipt(pair, **changes):
    holds = (Holding(VILLAGE.writer, LIFE, 3, HEAD),)
    return make_receipt(pair, replace(Receipt(pair.writer, "1" * 16, 1, 1, "v1", "durable", AT, holds), **changes))


def _kept(engine, pair):
    return engine.read(lambda r: newest_statement(r, "receipt", pair.writer, subject="v1 durable"))


# following


def test_events_of_every_leaf_are_noted_once(engine):
    first, second, third = _chain(3)
    _keep(engine, "case:v1-a", first, second)
    assert _follow(engine).events == 2
    _keep(engine, "case:v1-a", first, second, third)
    noted = _follow(engine)
    assert (noted.events, noted.writers) == (1, frozenset({VILLAGE.writer}))
    assert _follow(engine).events == 0


def test_a_database_without_changes_is_followed_without_writing(engine):
    _keep(engine, "case:v1-a", *_chain(1))
    _follow(engine)
    before = engine.read(lambda r: r.execute("PRAGMA data_version"))
    assert _follow(engine) == _follow(engine, "public")
    assert engine.read(lambda r: r.execute("PRAGMA data_version")) == before


def test_what_is_no_event_is_passed_over(engine):
    body = canonical({"type": "case", "events": [1, {"writer": 5}, *_chain(1)]})
    engine.database("station_v1").write([Edit("case:v1-a", None, body), Edit("case:v1-b", None, b'{"events":7}')])
    assert _follow(engine).events == 1


def test_a_second_event_under_one_number_is_an_alarm_with_its_place(engine):
    _keep(engine, "case:v1-a", _event(1))
    _keep(engine, "case:v1-b", _event(1, fields={"n": "another"}))
    noted = _follow(engine)
    assert [(clash.kind, clash.number) for clash in noted.clashes] == [("two-events", 1)]
    (alarm,) = engine.read(open_alarms)
    assert (alarm.kind, alarm.source, alarm.writer) == ("two-events", "station_v1/case:v1-b", VILLAGE.writer)


def test_more_than_a_page_is_noted_page_by_page(engine):
    events = _chain(150)
    edits = [Edit(f"case:v1-{n}", None, canonical({"events": [event]})) for n, event in enumerate(events)]
    engine.database("station_v1").write(edits)
    first = follow(engine, engine.database("station_v1"), now_ms=1, is_complete=lambda *_: True)
    assert (first.events, first.more) == (100, True)
    assert _follow(engine).events == 50


def test_a_photo_is_lacking_until_its_last_chunk_has_come(engine):
    source = []
    blob = store_bytes(lambda documents: _collect(source, documents), bytes(40_000), media_type="image/png")
    fields = {"photos": [blob.reference()]}
    _keep(engine, "case:v1-a", _event(1, fields=fields))
    _follow(engine)
    (signed,) = _issue(engine)
    assert read_receipt(signed.payload).holds[0].lacks == ((1, 0),)
    for document in source[:-1]:
        engine.database("blobs_v1").graft([document])
        assert _follow(engine, "blobs_v1").blobs == 0
    engine.database("blobs_v1").graft(source[-1:])
    assert _follow(engine, "blobs_v1").writers == {VILLAGE.writer}
    (signed,) = _issue(engine)
    assert read_receipt(signed.payload).holds[0].lacks == ()


def test_a_photo_that_was_here_before_its_record_is_never_lacking(engine):
    blob = store_bytes(engine.database("blobs_v1").graft, bytes(100), media_type="image/png")
    _follow(engine, "blobs_v1")
    _keep(engine, "case:v1-a", _event(1, fields={"photos": [blob.reference()]}))
    assert _follow(engine).blobs == 0
    (signed,) = _issue(engine)
    assert read_receipt(signed.payload).holds[0].lacks == ()


def _collect(source, documents):
    source += documents
    return [Outcome(document.id, document.revision) for document in documents]


# issuing


def test_an_unchanged_holding_is_not_signed_again(engine):
    assert _issue(engine) == ()
    _keep(engine, "case:v1-a", *_chain(2))
    _follow(engine)
    (signed,) = _issue(engine)
    before = engine.read(last_arrival)
    assert _issue(engine, now_ms=1_780_000_000_000) == ()
    assert engine.read(last_arrival) == before
    receipt = read_receipt(signed.payload)
    assert (receipt.issue, receipt.epoch, receipt.station) == (1, 1, "v1")
    assert receipt.holds == (Holding(VILLAGE.writer, LIFE, 2, read_digest(event_hash(_chain(2)[1]))),)


def test_receipts_count_up_and_a_new_life_stands_above_all_of_them(engine):
    events = _chain(3)
    for count in (1, 2, 3):
        _keep(engine, "case:v1-a", *events[:count])
        _follow(engine)
        (signed,) = _issue(engine)
    assert read_receipt(signed.payload).order == (1, 3)
    engine.write(lambda tx: begin_life(tx, "restore", fingerprint="m:2:2", now_ms=2))
    (signed,) = _issue(engine)
    assert read_receipt(signed.payload).order == (2, 1)
    assert _issue(engine) == ()


def test_only_writers_of_the_station_are_named(engine):
    _take(engine, *CERTIFICATES)
    _keep(engine, "case:v1-a", *_chain(1), *_chain(1, writer=TOWN.writer), *_chain(1, writer="z" * 16))
    noted = _follow(engine)
    assert engine.read(lambda r: stations_of(r, OWN, noted.writers)) == {"v1", "t1"}
    receipts = [read_receipt(signed.payload) for signed in _issue(engine, "v1", "t1", "elsewhere")]
    assert {one.station: [held.writer for held in one.holds] for one in receipts} == {
        "v1": [VILLAGE.writer],
        "t1": [TOWN.writer],
    }


def test_our_own_chain_is_sealed_when_it_grew(engine):
    def seal():
        return engine.write(lambda tx: issue_seal(tx, OWN, now_ms=1))

    assert seal() is None
    engine.write(lambda tx: append_own(tx, 1, HEAD))
    signed = seal()
    life = engine.read(current_life).life
    assert read_seal(signed.payload).counter == 1
    assert read_seal(signed.payload).life == life
    assert seal() is None


def test_what_a_receipt_of_ours_names_is_sealed_with_it_and_by_a_seal_of_its_own_once_a_day(engine):
    day_ms, now_ms = 24 * 3_600_000, 1_770_000_000_000
    events = _chain(4, life=engine.read(current_life).life)

    def write_and_seal(number, *, at_ms, told=True):
        engine.write(lambda tx: append_own(tx, number, read_digest(event_hash(events[number - 1]))))
        if told:
            _keep(engine, "case:v1-a", *events[:number])
            _follow(engine)
            assert _issue(engine, now_ms=at_ms)
        signed = engine.write(lambda tx: issue_seal(tx, OWN, now_ms=at_ms))
        return None if signed is None else read_seal(signed.payload).counter

    assert write_and_seal(1, at_ms=now_ms) == 1
    assert write_and_seal(2, at_ms=now_ms + day_ms - 1) is None
    assert write_and_seal(3, at_ms=now_ms + day_ms) == 3
    assert write_and_seal(4, at_ms=now_ms + day_ms, told=False) == 4  # no receipt says it


# taking


def test_statements_are_kept_and_relayed_byte_for_byte(engine):
    receipt, seal = _receipt(TOWN), make_seal(TOWN, LIFE, counter=1, head=HEAD)
    # The receipt comes before the certificate that its key is in.
    taken = _take(engine, receipt, seal, *CERTIFICATES)
    assert taken.refused == ()
    kept = engine.read(all_statements)
    assert set(kept) == {receipt, seal, *CERTIFICATES}
    last = engine.read(last_arrival)
    assert _take(engine, *kept).kept == ()
    assert engine.read(last_arrival) == last


def test_only_what_concerns_some_stations_is_passed_on_in_pages_of_what_is_wanted(engine):
    _take(engine, *CERTIFICATES)
    last = engine.read(last_arrival)

    def about(stations, after=0, *, limit=10, unwanted=()):
        wanted = lambda kept: kept.signed not in unwanted  # noqa: E731
        return engine.read(lambda r: statements_about(r, stations, after, wanted=wanted, limit=limit))

    for stations, expected in (({"v1"}, CERTIFICATES[2:]), (set(), ()), ({"v1", "t1", "centre"}, CERTIFICATES)):
        found, arrival = about(stations)
        assert set(found) == set(expected)
        assert arrival <= last
        assert about(stations, arrival) == ((), arrival)
    first, reached = about({"v1", "t1"}, limit=1, unwanted=CERTIFICATES[:1])
    second, _ = about({"v1", "t1"}, reached, limit=1)
    assert {*first, *second} == set(CERTIFICATES[1:])
    # What is not wanted is passed over, and moves the position all the same.
    assert about({"v1"}, unwanted=CERTIFICATES) == ((), last)


def test_one_bad_statement_delays_nothing(engine):
    stranger = keys.load(bytes(range(9, 41)))
    bad = (
        _receipt(stranger),
        replace(_receipt(TOWN), payload=b"{}"),
        replace(make_seal(TOWN, LIFE, counter=1, head=HEAD), kind="verdict"),
        certify(TOWN, Certificate(stranger.public, "v9", "centre", "", "", "")),
    )
    taken = _take(engine, *bad, *CERTIFICATES, _receipt(TOWN))
    assert {signed for signed, _ in taken.refused} == set(bad)
    assert len(taken.kept) == 4


@pytest.mark.parametrize("station", ["t2", "v2"])
def test_what_is_said_of_a_station_that_is_not_below_its_signers_is_refused(engine, station):
    others = (
        certify(CENTRE, Certificate(SISTER.public, "t2", "township", "990281102000", "双河镇", "centre")),
        certify(CENTRE, Certificate(SISTERS.public, "v2", "village", "990281102201", "双桥村", "t2")),
    )
    _take(engine, *CERTIFICATES, *others)
    words = (
        _receipt(TOWN, station=station, holds=()),
        _receipt(TOWN, holds=(Holding(SISTERS.writer, LIFE, 3, HEAD),)),
        make_avowal(TOWN, LIFE, station, counter=1, events=(HEAD,)),
        make_quittance(TOWN, LIFE, station, counter=1),
        make_sighting(TOWN, station, 1),
    )
    assert {signed for signed, _ in _take(engine, *words).refused} == set(words)
    assert engine.read(open_alarms) == ()
    centres = (
        _receipt(CENTRE, station=station, holds=()),
        make_avowal(CENTRE, LIFE, station, counter=1, events=(HEAD,)),
    )
    assert set(_take(engine, *centres).kept) == set(centres)


def test_of_a_station_whose_way_up_is_not_known_yet_whoever_is_certified_may_speak(engine):
    lost = certify(CENTRE, Certificate(SISTERS.public, "v2", "village", "990281102201", "双桥村", "t2"))
    _take(engine, *CERTIFICATES, lost)
    words = (_receipt(TOWN, station="v2", holds=()), _receipt(TOWN, station="v3", holds=()))
    assert set(_take(engine, *words).kept) == set(words)


def test_a_revoked_signer_is_not_believed_any_more(engine):
    revoked = Certificate(TOWN.public, "t1", "township", "990281101000", "柳河镇", "centre", 2, revoked=True)
    _take(engine, *CERTIFICATES, certify(CENTRE, revoked))
    assert [reason for _, reason in _take(engine, _receipt(TOWN)).refused] == ["the signer's certificate is revoked"]
    hops = engine.read(lambda r: hops_above(r, OWN, "v1"))
    assert [(hop.sid, hop.signers) for hop in hops] == [
        ("v1", (VILLAGE.writer,)),
        ("t1", ()),
        ("centre", (CENTRE.writer,)),
    ]
    # The older certificate turning up again changes nothing.
    assert _take(engine, CERTIFICATES[1]).kept == ()


def test_an_older_receipt_never_replaces_a_newer_one(engine):
    _take(engine, *CERTIFICATES)
    old, new = _receipt(TOWN, issue=4), _receipt(TOWN, issue=5)
    restored = _receipt(TOWN, life="2" * 16, epoch=2, issue=1)
    for signed, expected in ((new, new), (old, new), (restored, restored), (new, restored), (old, restored)):
        _take(engine, signed)
        assert _kept(engine, TOWN).signed == expected
    assert engine.read(open_alarms) == ()


def test_a_receipt_that_falls_back_is_told_until_it_has_recovered(engine):
    _take(engine, *CERTIFICATES)

    def holding(counter):
        return (Holding(VILLAGE.writer, LIFE, counter, HEAD),)

    full, fallen, partly, whole = (
        _receipt(TOWN, life="2" * 16, epoch=epoch, issue=issue, holds=holding(counter))
        for epoch, issue, counter in ((1, 9, 5), (2, 1, 2), (2, 2, 4), (2, 3, 6))
    )
    assert _take(engine, full).fallen == frozenset()
    for signed in (fallen, partly):
        assert _take(engine, signed).fallen == {TOWN.writer}
        assert _kept(engine, TOWN).fallen_from == full.payload
    assert _take(engine, whole).fallen == frozenset()
    assert _kept(engine, TOWN).fallen_from is None


def test_a_photo_lost_in_one_life_is_told_and_has_nobody_compare_everything(engine):
    _take(engine, *CERTIFICATES)
    whole = (Holding(VILLAGE.writer, LIFE, 5, HEAD),)
    lacking = (Holding(VILLAGE.writer, LIFE, 5, HEAD, lacks=((3, 0),)),)
    full = _receipt(TOWN, issue=4, holds=whole)
    _take(engine, full)
    assert _take(engine, _receipt(TOWN, issue=5, holds=lacking)).fallen == frozenset()
    assert _kept(engine, TOWN).fallen_from == full.payload
    restored = _receipt(TOWN, life="2" * 16, epoch=2, issue=1, holds=lacking)
    assert _take(engine, restored).fallen == {TOWN.writer}  # in another life anything may be gone
    less = _receipt(TOWN, life="2" * 16, epoch=2, issue=2, holds=(Holding(VILLAGE.writer, LIFE, 4, HEAD),))
    assert _take(engine, less).fallen == {TOWN.writer}


def test_two_receipts_under_one_issue_are_an_alarm_and_the_first_stands(engine):
    _take(engine, *CERTIFICATES, _receipt(TOWN))
    _take(engine, _receipt(TOWN, holds=()))
    assert [alarm.kind for alarm in engine.read(open_alarms)] == ["two-receipts"]
    assert _kept(engine, TOWN).signed == _receipt(TOWN)


@pytest.mark.parametrize("issue", [5, 7])
def test_receipts_that_name_two_events_under_one_number_are_an_alarm_whichever_is_the_newer(engine, issue):
    _take(engine, *CERTIFICATES, _receipt(VILLAGE, issue=6), own=Own(TOWN, "t1"))
    other = (Holding(VILLAGE.writer, LIFE, 3, HEAD[::-1]),)
    _take(engine, _receipt(VILLAGE, issue=issue, holds=other), own=Own(TOWN, "t1"))
    assert [alarm.kind for alarm in engine.read(open_alarms)] == ["two-heads"]


def test_two_lives_of_one_epoch_are_an_alarm(engine):
    _take(engine, *CERTIFICATES, _receipt(TOWN))
    other = _receipt(TOWN, life="2" * 16)
    _take(engine, other)
    assert [alarm.kind for alarm in engine.read(open_alarms)] == ["two-lives"]
    assert _kept(engine, TOWN).signed == other


def test_a_node_that_lives_ever_new_lives_is_some_alarms_until_somebody_has_looked_into_them(engine):
    _take(engine, *CERTIFICATES)
    for number in range(100):
        _take(engine, _receipt(TOWN, life=f"{number:016x}"))
    first = engine.read(open_alarms)
    assert {alarm.kind for alarm in first} == {"two-lives"}
    assert len(first) == 16
    for issue in range(2, 100):
        _take(engine, _receipt(CENTRE, issue=issue), _receipt(CENTRE, issue=issue, holds=()))
    assert len(engine.read(open_alarms)) == 32, "another writer is alarmed about all the same"
    engine.write(lambda tx: settle_alarm(tx, first[0].alarm, by="acct:li", why="", now_ms=2))
    _take(engine, _receipt(TOWN, life="f" * 16))
    assert engine.read(open_alarms)[0].offered == "f" * 16


@pytest.mark.parametrize("make", [make_quittance, partial(make_avowal, events=(HEAD,))])
def test_what_is_said_of_ever_new_lives_of_which_nothing_ever_comes_is_not_kept_without_end(engine, make):
    _take(engine, *CERTIFICATES)
    lives = [f"{number:016x}" for number in range(200)]
    taken = _take(engine, *(make(TOWN, life, "v1", counter=1) for life in lives))
    assert len(taken.kept) == 64
    assert all("more lives than a node lives" in reason for _, reason in taken.refused)
    for counter in (2, 3):
        assert _take(engine, make(TOWN, lives[0], "v1", counter=counter)).kept, "of those that are known more is heard"
    assert _take(engine, make(CENTRE, LIFE, "v1", counter=1)).kept, "nobody else pays for it"
    event = _event(1, writer=TOWN.writer)
    head = read_digest(event_hash(event))
    engine.write(lambda tx: note_event(tx, TOWN.writer, LIFE, number=1, event_hash=head, previous=None))
    assert _take(engine, make(TOWN, LIFE, "v1", counter=1)).kept, "and a life is believed whose events are here"


def test_hearing_of_a_life_of_our_own_key_we_step_over_it_and_sign_anew(engine):
    _keep(engine, "case:v1-a", *_chain(1))
    _follow(engine)
    (mine,) = _issue(engine)
    twin = _receipt(VILLAGE, life="2" * 16, epoch=4)
    assert _take(engine, twin).kept == ()
    assert _kept(engine, VILLAGE).signed == mine
    (again,) = _issue(engine)
    assert read_receipt(again.payload).order == (5, 1)
    assert [alarm.kind for alarm in engine.read(open_alarms)] == ["two-lives"]


def test_hearing_of_a_life_we_remember_is_no_alarm(engine):
    first = engine.read(current_life)
    engine.write(lambda tx: raise_epoch(tx, 8))
    engine.write(lambda tx: begin_life(tx, "restore", fingerprint="m:2:2", now_ms=2))
    _take(engine, _receipt(VILLAGE, life=first.life, epoch=9))
    assert engine.read(open_alarms) == ()
    assert [life.epoch for life in engine.read(all_lives)] == [9, 10]


@pytest.mark.parametrize("statement", ["seal", "receipt"])
def test_a_head_that_is_not_the_event_we_hold_is_an_alarm_and_no_proof(engine, statement):
    _take(engine, *CERTIFICATES)
    events = _chain(3)
    _keep(engine, "case:v1-a", *events)
    _follow(engine)
    life = events[0]["life"]
    if statement == "seal":
        _take(engine, make_seal(VILLAGE, life, counter=3, head=HEAD))
    else:
        _take(engine, _receipt(TOWN))
        case = engine.database("station_v1").read([Wanted("case:v1-a")])
        logged = [event for document in case for event in events_of(document)]
        shown = engine.read(lambda r: case_standing(r, OWN, "v1", logged[:2]))
        assert shown[1].status is Status.NOT_YET
    (alarm,) = engine.read(open_alarms)
    assert (alarm.kind, alarm.number, alarm.writer) == ("two-heads", 3, VILLAGE.writer)


def test_who_contradicts_a_chain_over_and_over_is_one_alarm_until_somebody_has_looked_into_it(engine):
    _take(engine, *CERTIFICATES)
    events = _chain(3)
    _keep(engine, "case:v1-a", *events)
    _follow(engine)

    def lie(pair, issue):
        wrong = (Holding(VILLAGE.writer, events[0]["life"], 1 + issue % 3, bytes([issue]) + pair.public[1:]),)
        _take(engine, _receipt(pair, issue=issue, holds=wrong))

    for issue in range(1, 10):
        lie(TOWN, issue)
    (alarm,) = engine.read(open_alarms)
    lie(CENTRE, 1)
    assert len(engine.read(open_alarms)) == 2
    engine.write(lambda tx: settle_alarm(tx, alarm.alarm, by="acct:li", why="", now_ms=2))
    lie(TOWN, 10)
    assert [one.source for one in engine.read(open_alarms)] == [TOWN.writer, CENTRE.writer]


def test_seals_of_ever_new_lives_of_which_nothing_ever_comes_are_not_kept_without_end(engine):
    _take(engine, *CERTIFICATES)
    seals = [make_seal(TOWN, f"{number:016x}", counter=1, head=HEAD) for number in range(1000)]
    taken = _take(engine, *seals[:500])
    assert len(taken.kept) == 64
    assert {reason for _, reason in taken.refused} == {
        "seals of more lives than a node lives, and nothing of them is here"
    }
    for seal in seals[500:]:
        _take(engine, seal)
    assert len(engine.read(lambda r: statements_of(r, "seal", (TOWN.writer,)))) == 64
    newer = make_seal(TOWN, f"{0:016x}", counter=2, head=HEAD)
    assert _take(engine, newer).kept == (newer,)
    assert _take(engine, make_seal(CENTRE, LIFE, counter=1, head=HEAD)).kept  # nobody else pays for it


def test_the_seal_of_a_life_whose_events_are_here_is_kept_however_many_there_were(engine):
    _take(engine, *CERTIFICATES)
    _take(engine, *(make_seal(TOWN, f"{number:016x}", counter=1, head=HEAD) for number in range(100)))
    event = _event(1, writer=TOWN.writer)
    head = event_hash(event)
    engine.write(lambda tx: note_event(tx, TOWN.writer, LIFE, number=1, event_hash=read_digest(head), previous=None))
    first, false = (make_seal(TOWN, LIFE, counter=1, head=one) for one in (read_digest(head), HEAD))
    assert _take(engine, first).kept == (first,)
    _take(engine, false)
    assert [alarm.kind for alarm in engine.read(open_alarms)] == ["two-heads"]
    assert _take(engine, make_seal(TOWN, LIFE[::-1], counter=1, head=HEAD)).refused


def test_two_seals_over_one_number_are_an_alarm(engine):
    _take(engine, *CERTIFICATES)
    seals = [
        make_seal(TOWN, LIFE, counter=counter, head=head) for counter, head in ((3, HEAD), (3, HEAD[::-1]), (2, HEAD))
    ]
    for seal in seals:
        _take(engine, seal)
    kept = engine.read(lambda r: newest_statement(r, "seal", TOWN.writer, subject=LIFE))
    assert kept.signed == seals[0]
    assert [alarm.kind for alarm in engine.read(open_alarms)] == ["two-heads"]


def test_a_false_signature_of_somebody_known_is_one_alarm_and_not_believed(engine):
    _take(engine, *CERTIFICATES)
    seal = make_seal(TOWN, LIFE, counter=3, head=HEAD)
    for turn in range(3):
        forged = replace(seal, signature=bytes([turn]) * 64)
        assert len(_take(engine, forged).refused) == 1
    stranger = keys.generate()
    _take(engine, replace(make_seal(stranger, LIFE, counter=3, head=HEAD), signature=bytes(64)))
    (alarm,) = engine.read(open_alarms)
    assert (alarm.kind, alarm.writer, alarm.source) == ("false-signature", TOWN.writer, "seal")
    assert engine.read(lambda r: newest_statement(r, "seal", TOWN.writer, subject=LIFE)) is None


def test_the_way_up_is_read_from_certificates(engine):
    assert [hop.sid for hop in engine.read(lambda r: hops_above(r, OWN, "v1"))] == ["v1"]
    _take(engine, *CERTIFICATES)
    hops = engine.read(lambda r: hops_above(r, OWN, "v1"))
    assert [(hop.sid, hop.level, hop.signers) for hop in hops] == [
        ("v1", "village", (VILLAGE.writer,)),
        ("t1", "township", (TOWN.writer,)),
        ("centre", "centre", (CENTRE.writer,)),
    ]
    assert engine.read(lambda r: hops_above(r, OWN, "elsewhere")) == ()


def test_certificates_that_go_in_a_circle_end(engine):
    circle = certify(CENTRE, Certificate(CENTRE.public, "centre", "centre", "", "", "v1", 2))
    _take(engine, *CERTIFICATES, circle)
    assert len(engine.read(lambda r: hops_above(r, OWN, "v1"))) == 8


def test_a_statement_without_sense_is_refused_not_raised(engine):
    nonsense = [
        Signed(kind, payload, "", b"") for kind in ("certificate", "seal", "receipt", "") for payload in (b"", b"\xff")
    ]
    assert len(_take(engine, *nonsense).refused) == len(nonsense)


# our own words coming back


def _written(engine, count):
    """Our chain goes on in our present life; the hash of the last."""
    life = engine.read(current_life).life
    events = _chain(count, life=life)
    for number, event in enumerate(events, 1):
        engine.write(lambda tx, number=number, event=event: append_own(tx, number, read_digest(event_hash(event))))
    return life, read_digest(event_hash(events[-1]))


def test_what_we_signed_and_remember_changes_nothing(engine):
    life, head = _written(engine, 3)
    _keep(engine, "case:v1-a", *_chain(3))
    _follow(engine)
    (mine,) = _issue(engine)
    older = replace(read_receipt(mine.payload), issue=1, holds=())
    again = replace(read_receipt(mine.payload), issue=2)
    engine.write(
        lambda tx: put_statement(tx, make_receipt(VILLAGE, again), subject="v1 durable", station="v1", now_ms=1)
    )
    own = (
        make_receipt(VILLAGE, older),
        make_receipt(VILLAGE, again),
        make_seal(VILLAGE, life, counter=3, head=head),
        make_avowal(VILLAGE, life, "v2", counter=3, events=(head,)),
    )
    assert not _take(engine, *own).reborn
    assert [one.life for one in engine.read(all_lives)] == [life]


@pytest.mark.parametrize(
    "kind",
    [
        "seal",
        "other seal",
        "older seal",
        "receipt",
        "other receipt",
        "older receipt",
        "receipt that we replaced",
        "avowal",
        "older avowal",
    ],
)
def test_what_we_signed_in_this_life_and_do_not_remember_ends_it(engine, kind):
    life, _ = _written(engine, 3)
    _keep(engine, "case:v1-a", *_chain(3, life=life))
    _follow(engine)
    (mine,) = _issue(engine)
    known = read_receipt(mine.payload)
    lost = replace(known.holds[0], counter=2, head=HEAD)  # of a time before the disk was put back, and since we went on
    engine.write(
        lambda tx: (
            put_statement(
                tx, make_receipt(VILLAGE, replace(known, issue=9)), subject="v1 durable", station="v1", now_ms=1
            )
            if kind == "receipt that we replaced"
            else None
        )
    )
    newer = {
        "seal": make_seal(VILLAGE, life, counter=4, head=HEAD),
        "other seal": make_seal(VILLAGE, life, counter=3, head=HEAD),
        "receipt": make_receipt(VILLAGE, replace(known, issue=2)),
        "other receipt": make_receipt(VILLAGE, replace(known, holds=())),
        "avowal": make_avowal(VILLAGE, life, "v2", counter=4, events=(HEAD,)),
        "older seal": make_seal(VILLAGE, life, counter=2, head=HEAD),
        "older receipt": make_receipt(VILLAGE, replace(known, holds=(lost,))),
        "receipt that we replaced": make_receipt(VILLAGE, replace(known, holds=(lost,))),
        "older avowal": make_avowal(VILLAGE, life, "v2", counter=2, events=(HEAD,)),
    }[kind]
    before = engine.database("station_v1").info().update_seq
    assert _take(engine, newer).reborn
    assert [one.reason for one in engine.read(all_lives)] == ["init", "turned-back"]
    assert engine.read(own_position).number == 0
    assert "turned-back" in {alarm.kind for alarm in engine.read(open_alarms)}
    # Whoever comes with a position of before begins anew: it may name other changes.
    assert [one.id for one in engine.database("station_v1").changes(before).results] == ["case:v1-a"]
    assert not _take(engine, newer).reborn


def test_of_another_life_of_ours_nothing_is_beyond_us(engine):
    first = engine.read(current_life).life
    engine.write(lambda tx: begin_life(tx, "restore", fingerprint="m:2:2", now_ms=2))
    lost = (
        make_seal(VILLAGE, first, counter=4, head=HEAD),
        make_avowal(VILLAGE, first, "v2", counter=4, events=(HEAD,)),
        _receipt(VILLAGE, life=first),
    )
    assert not _take(engine, *lost).reborn


def test_we_put_our_name_to_steps_in_others_records_once(engine):
    _written(engine, 3)
    life = engine.read(current_life).life
    steps = [OwnStep(station, life, n, bytes((n,)) * 32) for station, n in (("v2", 1), ("v2", 3), ("v3", 2))]
    for step in steps:
        engine.write(lambda tx, step=step: note_own_step(tx, step))
    for _ in range(2):
        engine.write(lambda tx: issue_avowals(tx, OWN, now_ms=1))
    said = [read_avowal(one.payload) for one in engine.read(all_statements)]
    assert [(one.station, one.counter, len(one.events)) for one in said] == [("v2", 3, 2), ("v3", 2, 1)]


def test_many_steps_are_avowed_in_several_statements_and_each_is_found(engine):
    life = engine.read(current_life).life
    events = _chain(450, life=life)
    for event in events:
        step = OwnStep("v2", life, event["number"], read_digest(event_hash(event)))
        engine.write(lambda tx, step=step: note_own_step(tx, step))
    engine.write(lambda tx: issue_avowals(tx, OWN, now_ms=1))
    for value in (events[0], events[199], events[200], events[449]):
        event = read_event(value)
        assert engine.read(lambda reader, event=event: find_avowal(reader, "v2", event)) is not None
        assert engine.read(lambda reader, event=event: find_avowal(reader, "v3", event)) is None
    other = read_event({**events[6], "note": "another"})
    assert engine.read(lambda reader: find_avowal(reader, "v2", other)) is None


def test_of_two_avowals_that_end_alike_the_one_that_says_more_is_kept(engine):
    _take(engine, *CERTIFICATES)
    more = make_avowal(TOWN, LIFE, "v1", counter=3, events=(HEAD, HEAD[::-1]))
    less = make_avowal(TOWN, LIFE, "v1", counter=3, events=(HEAD[::-1],))
    for order in ((less, more), (more, less)):
        _take(engine, *order[:1])
        _take(engine, *order[1:])
        assert [one.signed for one in engine.read(lambda r: statements_of(r, "avowal", [TOWN.writer]))] == [more]

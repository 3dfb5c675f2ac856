"""A photo that was made fit: what is filed, what is kept beside it, and when that goes."""

from functools import partial

import pytest

from edge_node.services.keep_originals import Came, Originals
from edge_node.services.putting_in import PuttingIn
from edge_node.settings import read
from edge_node.wiring import build_app, build_station
from sync.casework.hold_photos import photos_of
from sync.errors import DiskFull
from sync.http_api.feeds import FeedGate
from sync.node.acts.current import current
from sync.records.log import record_from_document
from sync.store.ledger.audit import entries_about
from sync.store.ledger.originals import claimed_originals, originals_of, unclaimed_originals
from sync.web.passwords import Passwords
from tests.unit.edge_node.applications import JPEG, application, encoded, key
from tests.unit.edge_node.pictures.drawing import notes, opened, page, saved
from tests.unit.edge_node.pictures.test_fitting import bomb
from tests.unit.edge_node.services.test_two_stations import land  # noqa: F401
from tests.unit.forms import form_on, photo, send

CASES = "/api/v1/cases"
FIT = 307_200
PERSON = "acct:wang"


@pytest.fixture(scope="module")
def large() -> bytes:
    return saved(page(2800, 2100), quality=92, exif=notes())


def take(client, *photos, name="1"):
    answer = client.post(CASES, json=application(photos=photos), headers=key(name))
    assert answer.status_code == 201, answer.text
    return answer.get_json()["id"]


def kept(station):
    return station.node.engine.read(claimed_originals)


def test_what_is_filed_is_the_fit_photo_and_what_came_is_kept_beside_it(station, client, large):
    case = take(client, large, JPEG)
    told = client.get(f"{CASES}/{case}").get_json()
    shown = client.get(f"{CASES}/{case}/materials/1")
    record = record_from_document(station.node.read(lambda reader: current(reader, station.node.documents, case)))
    filed, untouched = photos_of(record.fields)
    assert len(large) > FIT >= len(shown.data) == filed["size"]
    assert dict(opened(shown.data).getexif()) == {}
    assert [photo["held"] for photo in told["materials"][0]["photos"]] == [True, True]
    assert client.get(f"{CASES}/{case}/materials/2").data == JPEG
    assert untouched["size"] == len(JPEG)
    (original,) = kept(station)
    assert (original.record, original.root, original.size) == (case, filed["blob"], len(large))
    came = client.get(f"{CASES}/{case}/materials/1/original")
    assert (came.data, came.mimetype, came.headers["Cache-Control"]) == (large, "image/jpeg", "no-store")
    assert client.get(f"{CASES}/{case}/materials/2/original").status_code == 404
    entries = station.node.write(lambda tx: entries_about(tx, case))  # behind what is only posted
    assert ("original_read", "1") in [(entry.action, entry.detail) for entry in entries]


def test_the_case_page_offers_the_original_while_it_is_here(station, client, large):
    case = take(client, large)
    page_of_case = client.get(f"/cases/{case}", headers={"Accept": "text/html"}).text
    assert f'href="/cases/{case}/photos/1/original"' in page_of_case
    assert f"（{len(large) / (1 << 20):.1f} MB）" in page_of_case
    answer = client.get(f"/cases/{case}/photos/1/original")
    assert answer.data == large
    assert answer.headers["Content-Disposition"] == "attachment; filename=original-1.jpg"


def test_a_repetition_keeps_nothing_twice(station, client, large):
    assert take(client, large) == take(client, large)
    assert len(kept(station)) == 1
    other = take(client, large, large, name="2")
    assert [one.record for one in kept(station)] != [other]
    assert len(kept(station)) == 2


def test_papers_that_come_later_are_made_fit_too(station, client):
    case = take(client)
    larger = saved(page(1600, 1200), quality=92)
    assert FIT < len(larger) < 480_000  # more would be sent from a file of the test's client's own
    body = {"tray": "", "key": "later-1", "materials.0.got": "yes", "materials.0.kind": "original"}
    values = {**form_on(client.get(f"/cases/{case}/papers").text, "key")["values"], **body}
    answer = send(client, f"/cases/{case}/papers", {**values, "materials.0.photos": [photo(larger)]})
    assert answer.status_code == 303, answer.text
    assert len(client.get(f"{CASES}/{case}/materials/1").data) <= FIT
    assert client.get(f"{CASES}/{case}/materials/1/original").data == larger


def test_a_photo_with_too_many_pixels_is_named_and_nothing_is_stored(station, client, keep_unchanged):
    keep_unchanged()
    heavy = bomb(60_000, 60_000) + bytes(FIT) + b"IEND"
    answer = client.post(CASES, json=application(photos=(JPEG, heavy)), headers=key("1"))
    assert answer.status_code == 422
    (said,) = [one for one in answer.get_json()["errors"] if "像素" in str(one)]
    assert "materials.0.photos.1" in said.values()
    assert station.node.engine.read(unclaimed_originals) == ()


def test_a_photo_that_cannot_be_opened_is_filed_as_it_came(station, client):
    broken = b"\xff\xd8\xff\xe0" + bytes(FIT) + b"\xff\xd9"
    case = take(client, broken)
    assert client.get(f"{CASES}/{case}/materials/1").data == broken
    assert kept(station) == ()


def test_an_original_stays_until_the_centres_receipt_is_here(land, large):  # noqa: F811
    village, originals = land.village, land.village.photos.originals
    land.township.courier.synchronise()
    body = {**application(photos=(large,)), "register": True}
    told = land.agent.post(CASES, json=body, headers=key("1")).get_json()
    case, person = told["id"], f"/api/v1/people/{told['person']}"
    signed = saved(page(2000, 1500, seed=2), quality=92, exif=notes())
    filed = {"kind": "sensitive", "photos": [encoded(signed)], "give": {"means": "signature"}}
    assert land.agent.post(f"{person}/consents/photos", json=filed).status_code == 200
    land.village.courier.synchronise()
    land.township.courier.synchronise()
    originals.tidy()
    assert len(kept(village)) == 2  # the township has signed for it, and nobody has told us of the centre yet
    land.village.courier.synchronise()
    assert land.sentence(case) == "已到中心（材料 1/1）"
    shown = land.agent.get(person).get_json()
    assert shown["custody"]["sentence"] == "已到中心（材料 1/1）"
    (consent,) = shown["consents"]
    there = land.reviewer.get(f"{person}/photos/{consent['photos'][0]['blob']}")  # at the township
    assert (there.status_code, len(there.data) <= FIT) == (200, True)
    assert land.agent.get(f"{CASES}/{case}/materials/1/original").data == large
    originals.tidy()
    assert kept(village) == ()
    assert village.node.engine.read(lambda reader: reader.execute("SELECT count(*) FROM original_pieces")) == [(0,)]
    assert land.agent.get(f"{CASES}/{case}/materials/1/original").status_code == 404
    assert len(land.agent.get(f"{CASES}/{case}/materials/1").data) <= FIT


def put(node, originals, case, *contents):
    """Keep contents as the originals of a case's first photo."""
    root = root_of(node, case)
    for content in contents:
        with originals.staged([Came(root + "", content, "image/jpeg")]) as claim:
            node.engine.write(partial(claim, record=case))


def root_of(node, case):
    record = record_from_document(node.read(lambda reader: current(reader, node.documents, case)))
    return photos_of(record.fields)[0]["blob"]


@pytest.fixture
def cases(client):
    """Three cases with a small photo each."""
    return [take(client, JPEG[:-2] + bytes([number]) + JPEG[-2:], name=str(number)) for number in range(3)]


def test_when_the_room_is_full_the_oldest_gives_way(station, cases):
    originals = Originals(station.node, most_bytes=250_000)
    for case in cases:
        put(station.node, originals, case, bytes(100_000))
    assert [one.record for one in kept(station)] == cases[1:]


def test_one_whose_fit_version_is_not_whole_here_never_gives_way(station, cases, monkeypatch):
    originals = Originals(station.node, most_bytes=250_000)
    lost = root_of(station.node, cases[0])
    for case in cases[:2]:
        put(station.node, originals, case, bytes(100_000))
    monkeypatch.setattr(
        "edge_node.services.let_originals_go.held_here",
        lambda node, sid, roots: frozenset(root for root in roots if root != lost),
    )
    put(station.node, originals, cases[2], bytes(100_000))
    assert [one.record for one in kept(station)] == [cases[0], cases[2]]


def test_one_that_has_no_room_at_all_is_not_kept(station, cases):
    originals = Originals(station.node, most_bytes=250_000)
    put(station.node, originals, cases[0], bytes(100_000))
    put(station.node, originals, cases[1], bytes(300_000))
    assert [one.record for one in kept(station)] == cases[:1]


def test_a_full_disk_costs_the_original_and_never_the_application(station, client, large, monkeypatch, caplog):
    def full(*_args, **_more):
        raise DiskFull("no room")

    monkeypatch.setattr(PuttingIn, "_put_some", full)
    case = take(client, large)
    assert len(client.get(f"{CASES}/{case}/materials/1").data) <= FIT
    assert kept(station) == ()
    assert "originals of photos are not kept" in caplog.text


def test_what_no_record_took_over_is_swept_but_not_what_is_being_put_in(station, cases):
    node, originals = station.node, station.photos.originals
    came = [Came("0" * 64, bytes(900_000), "image/jpeg")]
    with originals.staged(came):
        assert len(node.engine.read(unclaimed_originals)) == 1
        originals.tidy()
        assert len(node.engine.read(unclaimed_originals)) == 1
    assert node.engine.read(unclaimed_originals) == ()
    assert node.engine.read(lambda reader: originals_of(reader, "")) == ()


def test_turned_off_every_dot_of_a_photo_is_filed_as_it_came_and_no_note(station, large):
    settings = read({"YIZHAN_PHOTO_FIT_BYTES": "0", "YIZHAN_ORIGINALS_BYTES": "0"})
    other = build_station(station.node, settings, passwords=Passwords(memory_kib=64, passes=1))
    client = build_app(other, FeedGate()).test_client()
    assert client.post("/api/v1/session", json={"name": "wang", "password": "Shiqiao-2025"}).status_code == 201
    case = take(client, large)
    filed = client.get(f"{CASES}/{case}/materials/1").data
    assert opened(filed).tobytes() == opened(large).tobytes()
    assert b"Yizhan Phone" in large
    assert b"Yizhan Phone" not in filed
    assert kept(station) == ()
    other.courier.close()

"""U盘传送 at the desk and in the console, as browsers without scripts use it: down from one page, up to another."""

import io
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

import central.settings
import edge_node.settings
from central.wiring import build_app as build_centre_app
from central.wiring import build_centre
from edge_node.services.found_station import found_station
from edge_node.wiring import build_app, build_station
from sync.carrying import exporting
from sync.carrying.transfers import Transfers
from sync.custody.standing import Status
from sync.http_api.feeds import FeedGate
from sync.store.ledger.wanted_photos import WantedPhoto, note_wanted, wanted_photos
from sync.values.changes import Span
from sync.web.passwords import Passwords
from sync.web.roles import Role
from tests.journeys.road import Road, act, status, take
from tests.unit.forms import HTML, form_on, read, send
from tests.unit.sync.carrying.test_transfers import Held

PASSWORD = "Qingxi-2025"
CHEAP = {"memory_kib": 64, "passes": 1}


class Pages:
    """The pages of two nodes that no network joins."""

    def __init__(self, road: Road, stack: ExitStack) -> None:
        self.road = road
        centre = build_centre(road.centre, central.settings.read({}), passwords=Passwords(**CHEAP))
        station = build_station(road.village, edge_node.settings.read({}), passwords=Passwords(**CHEAP))
        stack.callback(station.courier.close)
        for accounts, people in (
            (centre.accounts, {"zhou": Role.SUPERVISOR, "admin": Role.ADMIN}),
            (station.accounts, {"wang": Role.AGENT, "root": Role.ADMIN}),
        ):
            for name, role in people.items():
                accounts.create(name, display_name=name, role=role, password=PASSWORD)
        self.transfers: dict[str, Transfers] = {"zhou": centre.transfers, "wang": station.transfers}
        for one in self.transfers.values():
            stack.callback(one.close)
        self._apps = {"centre": build_centre_app(centre, FeedGate()), "village": build_app(station, FeedGate())}

    def enter(self, node: str, name: str) -> FlaskClient:
        client = self._apps[node].test_client()
        assert client.post("/api/v1/session", json={"name": name, "password": PASSWORD}).status_code == 201
        return client


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    with ExitStack() as stack:
        road = Road(tmp_path, stack)
        road.run()
        road.link.down()
        yield Pages(road, stack)


def settled(client: FlaskClient) -> str:
    """The page once nothing is under way."""
    for _ in range(200):
        page = read(client, "/stick")
        if 'http-equiv="refresh"' not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("it does not end")


def exported(client: FlaskClient, to: str, size: str = "64") -> list[tuple[str, bytes]]:
    """What a browser has downloaded after an export: (name, content)."""
    values = {**form_on(read(client, "/stick"), "to")["values"], "to": to, "size": size}
    assert send(client, "/stick/exports", values).status_code == 303
    page = settled(client)
    files = []
    for address in re.findall(r'href="(/stick/volumes/[^"]+)" download', page):
        with client.get(address) as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment")
            files.append((address.rpartition("/")[2], answer.data))
    return files


def imported(client: FlaskClient, files: list[tuple[str, bytes]]) -> str:
    page = read(client, "/stick")
    values = form_on(page[page.index('id="import"') :], "csrf_token")["values"]
    chosen = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(MultiDict({**values, "volumes": chosen}))
    kind = f"multipart/form-data; boundary={boundary}"
    assert client.post("/stick/imports", data=body, content_type=kind, headers=HTML).status_code == 303
    return settled(client)


def test_photos_that_find_no_room_are_told_on_the_page(pages, monkeypatch):
    road = pages.road
    take(road.village, "one", photo=os.urandom(100_000))
    files = exported(pages.enter("village", "wang"), "centre")
    supervisor = pages.enter("centre", "zhou")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    page = imported(supervisor, files)
    assert "收下一部分" in page
    assert "照片没有收下：磁盘只剩" in page


def test_from_the_desk_to_the_console_and_back(pages):
    road = pages.road
    doc_id = take(road.village, "one", photo=os.urandom(300_000))
    agent, supervisor = pages.enter("village", "wang"), pages.enter("centre", "zhou")
    page = imported(supervisor, exported(agent, "centre"))
    assert "已收下" in page
    assert "办件 1 件、照片 1 张" in page
    act(road.centre, doc_id, "accepted")
    page = imported(agent, exported(supervisor, road.village.identity.sid))
    assert "青溪县政务服务中心第 1 次导出的第 1 卷，已收下" in page
    assert status(road.village, doc_id) == "accepted"
    assert road.hops(doc_id)[2] == (Status.HELD, 1)

    name = f"blobs_{road.village.identity.sid}"
    blobs = road.village.engine.database(name)
    photo, chunk = (blobs.list(Span(start=kind, end=f"{kind}g")).rows[0].id for kind in ("blob:", "chunk:"))
    road.village.engine.write(lambda tx: blobs.let_go_in(tx, [chunk]))
    wanted = WantedPhoto(name, photo.removeprefix("blob:"), doc_id)
    road.village.engine.write(lambda tx: note_wanted(tx, wanted, now_ms=road.village.clock()))
    assert "请下次带回照片 1 张" in imported(supervisor, exported(agent, "centre"))
    volumes = exported(supervisor, road.village.identity.sid)
    assert "带上了对方要看的照片 1 张" in read(supervisor, "/stick")
    assert "照片 1 张" in imported(agent, volumes)
    assert not road.village.read(wanted_photos)


def test_many_volumes_in_one_upload_and_what_is_none_is_told_apart(pages):
    for number in range(8):
        take(pages.road.village, f"n{number}", photo=os.urandom(1_500_000))
    agent, supervisor = pages.enter("village", "wang"), pages.enter("centre", "zhou")
    files = exported(agent, "centre", size="8")
    assert len(files) == 2
    page = imported(supervisor, [*reversed(files), ("..\\..\\照片.jpg", b"\xff\xd8"), ("../evil.yzb", b"")])
    assert page.count("已收下</span>") == 2
    assert page.count("不是传送文件</span>") == 2
    assert "照片.jpg" in page
    assert "../" not in page
    left = [path for path in (pages.road.centre.engine.directory / "incoming").rglob("*") if path.is_file()]
    assert left == []


# Where it gives up, Werkzeug leaves what it has opened to Python to be closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_of_more_files_than_are_taken_it_is_said_in_a_sentence_and_of_very_many_none_is_opened(pages):
    agent = pages.enter("village", "wang")
    assert "200" in imported(agent, [(f"{number}.yzb", b"") for number in range(201)])
    boundary, body = encode_multipart(MultiDict({"volumes": [FileStorage(io.BytesIO(b""), "a") for _ in range(400)]}))
    kind = f"multipart/form-data; boundary={boundary}"
    assert agent.post("/stick/imports", data=body, content_type=kind, headers=HTML).status_code == 413


def test_an_export_asked_for_twice_is_under_way_and_another_one_waits(pages, monkeypatch):
    held = Held()
    monkeypatch.setattr(exporting, "export", held)
    client = pages.enter("village", "wang")
    values = {**form_on(read(client, "/stick"), "to")["values"], "size": "64"}
    for _ in range(2):
        assert send(client, "/stick/exports", values).status_code == 303
        page = read(client, "/stick")
        assert "正在导出" in page
        assert "另一次U盘导出或导入正在进行" not in page
    assert send(client, "/stick/exports", {**values, "size": "8"}).status_code == 303
    assert "另一次U盘导出或导入正在进行" in read(client, "/stick")
    held.let_go.set()
    settled(client)


def test_a_next_export_takes_the_place_of_the_last(pages):
    agent = pages.enter("village", "wang")
    (first,) = exported(agent, "centre")
    (second,) = exported(agent, "centre")
    assert first[0] != second[0]
    assert agent.get(f"/stick/volumes/{first[0]}").status_code == 404
    folder = pages.road.village.engine.directory / "outgoing"
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "address", ["/stick/volumes/yizhan.sqlite", "/stick/volumes/..%2F..%2Fyizhan.sqlite", "/stick/volumes/%2e%2e"]
)
def test_no_other_file_can_be_fetched(pages, address):
    agent = pages.enter("village", "wang")
    exported(agent, "centre")
    assert agent.get(address).status_code == 404


def test_who_does_not_work_with_cases_carries_nothing(pages):
    for node, name in (("village", "root"), ("centre", "admin")):
        client = pages.enter(node, name)
        assert client.get("/stick").status_code == 403
        assert client.post("/stick/exports", data={"to": "centre", "size": "64"}).status_code == 403
        assert client.post("/stick/imports", data={}).status_code == 403
    stranger = pages._apps["village"].test_client()
    assert stranger.get("/stick", headers={"Accept": "text/html"}).status_code == 302
    assert stranger.get("/stick/volumes/x.yzb").status_code == 401


def test_a_form_from_elsewhere_moves_nothing(pages):
    agent = pages.enter("village", "wang")
    assert agent.post("/stick/exports", data={"to": "centre", "size": "64"}).status_code == 403
    assert pages.transfers["wang"].last("export") is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"to": "nobody"}, "不是本节点的下级"), ({"size": "1"}, "请选择每卷大小"), ({"to": "below"}, "还没有启用的站点")],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(pages, values, sentence):
    agent = pages.enter("village", "wang")
    form = form_on(read(agent, "/stick"), "to")["values"]
    send(agent, "/stick/exports", {**form, "to": "centre", **values})
    assert sentence in read(agent, "/stick")


def test_nothing_chosen_is_said_in_a_sentence(pages):
    assert "请先选择要导入的文件" in imported(pages.enter("village", "wang"), [])


def test_a_station_that_was_never_online_is_told_what_to_do(pages, tmp_path):
    place = {"name": "新村便民服务站", "region": "990281101202", "upstream": "http://127.0.0.1:1"}
    with found_station(tmp_path / "new", **place) as node:
        station = build_station(node, edge_node.settings.read({}), passwords=Passwords(**CHEAP))
        station.accounts.create("wang", display_name="wang", role=Role.AGENT, password=PASSWORD)
        client = build_app(station, FeedGate()).test_client()
        client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD})
        assert "要先联网一次" in read(client, "/stick")
        station.courier.close()


def test_the_console_offers_a_stations_export_on_its_page(pages):
    supervisor = pages.enter("centre", "zhou")
    sid = pages.road.village.identity.sid
    assert f'href="/stick?to={sid}"' in read(supervisor, f"/stations/{sid}")
    page = read(supervisor, f"/stick?to={sid}")
    assert f'<option value="{sid}" selected>' in page
    assert "全部直属下级（1 个）" in page

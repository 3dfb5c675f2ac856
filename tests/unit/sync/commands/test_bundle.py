"""`yizhan bundle` as a person or a script calls it: alone on a directory, and beside a running node."""

import json
import os
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import central.settings
from central.wiring import build_centre
from sync.bundle.envelope import MAGIC
from sync.carrying.transfers import Transfers
from sync.commands import bundle as commands
from sync.commands import bundle_answers
from sync.commands.bundle import bundle
from sync.commands.bundle_answers import bundle_answers as answers_of
from sync.errors import SyncError
from sync.node.node import Node
from sync.web.control import listening
from tests.journeys.road import Road, status, take
from tests.journeys.sticks import roomy

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "bundle-commands.md"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(bundle, [str(argument) for argument in arguments])


def told(*arguments: object) -> object:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


@pytest.fixture
def road(tmp_path: Path) -> Path:
    """Directories `village`, `township`, `centre` of nodes that met once and do not run; the village has a case."""
    with ExitStack() as stack:
        nodes = Road(tmp_path, stack)
        nodes.run()
        take(nodes.village, "one", photo=os.urandom(100_000))
    (tmp_path / "usb").mkdir()
    return tmp_path


def export(road: Path, source: str, *more: object) -> dict:
    return told("export", "--data", road / source, *more, road / "usb")


def case_status(road: Path, name: str) -> str:
    with Node.open(road / "village") as village:
        doc_id = f"case:{village.identity.sid}-one"
    with Node.open(road / name) as node:
        return status(node, doc_id)


def test_up_and_down_and_everything_is_said_in_sentences(road):
    done = run("export", "--data", road / "village", "--to", "centre", road / "usb")
    assert "已导出给青溪县政务服务中心：1 卷" in done.output
    assert "不会当作已送达" in done.output
    done = run("import", "--data", road / "centre", road / "usb")
    assert done.exit_code == 0
    assert "已收下：办件 1 件、照片 1 张" in done.output
    assert case_status(road, "centre") == "received"
    assert "以前已经收下" in run("import", "--data", road / "centre", road / "usb").output
    assert "本节点自己导出的" in run("import", "--data", road / "village", road / "usb").output


def test_the_usual_receiver_is_the_node_above(road):
    assert export(road, "village")["to"] == ["990281101000 站"]
    done = run("export", "--data", road / "centre", road / "usb")
    assert "请指明给哪个站点" in done.exception.reason


def test_a_township_hands_on_what_it_cannot_open(road):
    export(road, "village", "--to", "centre")
    (volume,) = (road / "usb").iterdir()
    came = told("import", "--data", road / "township", volume)
    assert [one["what"] for one in came["files"]] == ["carried"]
    volume.unlink()
    assert export(road, "township")["carried"] == 1
    assert export(road, "township")["carried"] == 0
    assert export(road, "township", "--everything")["carried"] == 1
    came = told("import", "--data", road / "centre", road / "usb")
    # The one carried is there twice, under two names; and two exports of the township brought nothing else.
    assert sorted(one["what"] for one in came["files"]) == ["already", "taken", "taken", "taken", "taken"]
    assert case_status(road, "centre") == "received"


def test_all_stations_below_at_once(road):
    assert export(road, "centre", "--to", "below")["to"] == ["990281101000 站"]


def test_beside_a_running_node_its_process_does_the_work(road):
    with Node.open(road / "village") as node:
        transfers = Transfers(node, roomy(node))
        with listening(road / "village", answers_of(transfers)):
            assert len(export(road, "village", "--to", "centre")["volumes"]) == 1
            (volume,) = (road / "usb").iterdir()
            assert told("inspect", "--data", road / "village", volume)[0]["readable"] is False
            came = told("import", "--data", road / "village", volume)
            assert [one["what"] for one in came["files"]] == ["own"]
        transfers.close()


@pytest.mark.skipif(os.name != "posix", reason="names of files are text there")
def test_a_name_that_is_no_text_delays_no_other_beside_a_running_node(road):
    export(road, "village", "--to", "centre")
    (volume,) = (road / "usb").iterdir()
    odd = Path(os.fsdecode(os.fsencode(road / "usb") + b"/\xb8\xdf\xc1\xe4.yzb"))
    volume.rename(odd)
    other = road / "usb" / "高龄 津贴%20.txt"
    other.write_bytes(b"no volume")
    with Node.open(road / "centre") as node:
        transfers = Transfers(node, roomy(node))
        with listening(road / "centre", answers_of(transfers)):
            done = run("import", "--data", road / "centre", odd, other, "--json")
        transfers.close()
    assert [one["what"] for one in json.loads(done.stdout)["files"]] == ["taken", "strange"]


def test_whoever_waits_is_told_how_far_it_is(road, monkeypatch):
    monkeypatch.setattr(commands, "_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(bundle_answers, "_SECONDS_TO_AN_ANSWER", 0.0)
    with Node.open(road / "village") as node:
        transfers = Transfers(node, roomy(node))
        with listening(road / "village", answers_of(transfers)):
            done = run("export", "--data", road / "village", "--to", "centre", road / "usb")
        transfers.close()
    assert re.search("正在导出……(已写 |正在整理)", done.stderr)
    assert "已导出给" in done.stdout


def test_photos_find_no_room_beside_a_running_node_or_without_one(road, monkeypatch):
    export(road, "village", "--to", "centre")
    monkeypatch.setenv("YIZHAN_SPARE_DISK_MB", "99999999")
    done = run("import", "--data", road / "centre", road / "usb")
    assert (done.exit_code, "照片没有收下：磁盘只剩" in done.output) == (1, True)
    assert case_status(road, "centre") == "received"
    with Node.open(road / "centre") as node:
        transfers = build_centre(node, central.settings.read()).transfers
        with listening(road / "centre", answers_of(transfers)):
            assert "照片没有收下" in run("import", "--data", road / "centre", road / "usb").output
        transfers.close()
    monkeypatch.delenv("YIZHAN_SPARE_DISK_MB")
    assert "照片 1 张" in run("import", "--data", road / "centre", road / "usb").output


def test_who_has_no_key_sees_only_the_outside(road):
    export(road, "village", "--to", "centre")
    (volume,) = (road / "usb").iterdir()
    outside = told("inspect", volume)[0]
    assert set(outside) == {"file", "volume", "bytes", "sentence"}
    assert "看不到内容" in run("inspect", "--data", road / "township", volume).output
    assert "尚未收下" in run("inspect", "--data", road / "centre", volume).output
    note = road / "note.txt"
    note.write_text("买菜")
    assert "不是驿站的传送文件" in run("inspect", note).output


def test_what_was_refused_shows_in_the_exit_status_and_delays_no_other(road):
    export(road, "village", "--to", "centre")
    (road / "usb" / "broken.yzb").write_bytes(MAGIC + bytes(10))
    (road / "usb" / "note.yzb").write_bytes(b"x")
    done = run("import", "--data", road / "centre", road / "usb")
    assert done.exit_code == 1
    assert case_status(road, "centre") == "received"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--volume-size", "1MB"), "每卷至少 2 MB"),
        (("--volume-size", "viel"), "大小应写作"),
        (("--to", "nobody"), "不是本节点的下级"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(road, arguments, sentence):
    done = run("export", "--data", road / "village", *arguments, road / "usb")
    assert done.exit_code != 0
    assert sentence in (done.exception.reason if isinstance(done.exception, SyncError) else done.output)
    assert list((road / "usb").iterdir()) == []


def test_a_stick_that_is_not_there_is_said_so(road):
    done = run("export", "--data", road / "village", road / "no-stick")
    assert "没有目录" in done.exception.reason
    (road / "empty").mkdir()
    assert "没有找到传送文件" in run("import", "--data", road / "village", road / "empty").output


def test_sizes_are_read_as_people_write_them(road):
    for size in ("5MB", "5m", "5242880", " 5 MB "):
        assert export(road, "village", "--volume-size", size)


def test_every_command_and_option_stands_on_the_page_and_no_other():
    sections = re.split(r"^## `yizhan bundle ([a-z]+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    tables = zip(sections[::2], sections[1::2], strict=True)
    shown = {name: set(re.findall(r"^\| `(--[a-z-]+)` \|", body, re.MULTILINE)) for name, body in tables}
    there = {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in bundle.commands.items()
    }
    assert shown == there

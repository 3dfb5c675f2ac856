"""The command line: a centre from nothing to its digest, alone and beside a running one."""

import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import requests
from click.testing import CliRunner

from central.cli import central
from central.commands import commands_of
from central.services.found_centre import open_centre
from central.settings import read
from central.wiring import build_centre
from fixtures.county import county, text
from sync.errors import SyncError
from sync.node.identity import describe
from sync.node.meeting.enrolment import enrol, enter_code
from sync.node.meeting.enrolment_code import parse_code
from sync.node.node import Node
from sync.records.published import read_file
from sync.remote.peer import RemotePeer
from sync.remote.transport import Transport
from sync.web.control import listening
from sync.web.roles import Role
from tests.unit.central.conftest import COUNTY, TOWNSHIP, VILLAGE

START_SECONDS = 30


def run(*arguments, typed=""):
    return CliRunner().invoke(central, [str(argument) for argument in arguments], input=typed)


def init(directory, region=COUNTY):
    return run("init", "--data", directory, "--name", "青溪县政务服务中心", "--code", region)


@pytest.fixture
def directory(tmp_path):
    place = tmp_path / "centre"
    assert init(place).exit_code == 0
    return place


@pytest.fixture
def items(tmp_path):
    file = tmp_path / "items.json"
    file.write_bytes(text("items.json"))
    return file


def told(*arguments):
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def register(directory, region=VILLAGE, name="石桥村便民服务站"):
    return told("enrol", "--data", directory, "--name", name, "--code", region, "--json")


def refusal(done):
    """What the user reads; the outermost command turns a SyncError into a line and its remedy."""
    assert done.exit_code != 0
    assert isinstance(done.exception, SyncError | SystemExit)
    assert "Traceback" not in done.output
    return done.exception.reason if isinstance(done.exception, SyncError) else done.output


def test_a_centre_is_set_up_and_says_who_it_is(directory):
    status = told("status", "--data", directory, "--json")
    assert (status["name"], status["level"], status["region"]) == ("青溪县政务服务中心", "centre", COUNTY)
    assert status["stations"] == {"registered": 0, "enrolled": 0, "silent": 0, "behind": 0}
    lines = run("status", "--data", directory).output
    assert "青溪县政务服务中心" in lines
    assert "登记 0 个" in lines


def test_what_is_not_told_is_asked_for(tmp_path):
    done = run("init", "--data", tmp_path / "asked", typed=f"{COUNTY}\n青溪县政务服务中心\n")
    assert done.exit_code == 0
    assert "已初始化：青溪县政务服务中心" in done.output


def test_a_code_is_printed_for_reading_aloud_and_typed_back_it_is_the_same(directory):
    done = run("enrol", "--data", directory, "--name", "柳河镇便民服务中心", "--code", TOWNSHIP)
    assert done.exit_code == 0
    (aloud,) = re.findall(r"注册码 +(.*)\n", done.output)
    (typed,) = set(re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{2}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z*]", done.output))
    assert parse_code(aloud) == parse_code(typed)
    assert "柳河镇便民服务中心" in done.output


def test_stations_are_registered_listed_and_given_further_codes(directory):
    assert "还没有登记站点" in run("stations", "--data", directory).output
    township = register(directory, TOWNSHIP, "柳河镇便民服务中心")
    village = register(directory)
    assert village["parent"] == township["sid"]
    again = told("enrol-again", "--data", directory, "--json", village["sid"].upper())
    assert (again["sid"], again["device"]) == (village["sid"], "02")
    assert again["code"] != village["code"]
    rows = told("stations", "--data", directory, "--json")["stations"]
    assert [row["sid"] for row in rows] == [township["sid"], village["sid"]]
    assert run("stations", "--data", directory).output.count("未启用") == 2


def test_a_device_is_listed_revoked_and_reinstated(directory):
    sid = register(directory)["sid"]
    assert re.search(r"01  \S+ \S+ 发码，还没有使用", run("devices", "--data", directory, sid).output)
    done = run("revoke", "--data", directory, sid.upper(), "01", "--why", "电话里被旁人听到")
    assert re.search(r"01  \S+ \S+ 吊销  电话里被旁人听到", done.output), done.output
    assert "已经吊销" in refusal(run("revoke", "--data", directory, sid, "01", "--why", "again"))
    told_back = told("reinstate", "--data", directory, sid, "01", "--json")
    assert [one["revoked"] for one in told_back["devices"]] == [False]
    assert "没有给这个站点发过设备号 07" in refusal(run("reinstate", "--data", directory, sid, "07"))


def test_a_village_may_be_put_under_another_station(directory):
    other = register(directory, "990281102000", "清水镇")
    arguments = ("--name", "石桥村", "--code", VILLAGE, "--under", other["sid"], "--json")
    assert told("enrol", "--data", directory, *arguments)["parent"] == other["sid"]


def test_an_account_takes_its_password_from_standard_input(directory):
    arguments = ("--role", "supervisor", "--password-stdin", "周主管")
    done = run("account", "--data", directory, *arguments, typed="Qingxi-2026x\n")
    assert done.exit_code == 0
    assert "Qingxi-2026x" not in done.output
    with open_centre(directory, keys=read().keys()) as node:
        assert build_centre(node, read({})).accounts.verify("周主管", "Qingxi-2026x").role is Role.SUPERVISOR


def test_an_alert_is_published_listed_and_withdrawn(directory):
    at = ("--data", directory)
    assert "还没有发布过" in run("alert", "list", *at).output
    until = f"{datetime.now(UTC).year + 1}-01-01T08:00"
    words = ("--title", "暴雨预警", "--text", "请转移", "--until", until)
    made = told("alert", "publish", *at, "--severity", "red", *words, "--json")
    assert "红色预警“暴雨预警”，全部站点" in run("alert", "list", *at).output
    assert "没有登记这个站点" in run("alert", "publish", *at, *words, "--for", "zzzzz").output
    assert "已撤回" in run("alert", "withdraw", *at, made["code"]).output
    assert told("alert", "list", *at, "--json")["alerts"][0]["state"] == "withdrawn"


def test_a_catalogue_is_checked_imported_and_published(directory, items, tmp_path):
    at = ("--data", directory)
    count = len(read_file(text("items.json")).entries)
    assert f"新增 {count} 项" in run("catalogue", "check", *at, items).output
    assert "还没有发布过" in run("catalogue", "show", *at).output
    assert "尚未发布" in run("catalogue", "import", *at, items).output
    assert told("catalogue", "show", *at, "--json")["drafts"] == count
    assert f"已发布第 1 版，共 {count} 项" in run("catalogue", "publish", *at).output
    assert "没有要发布的内容" in run("catalogue", "publish", *at).output
    assert f"不变 {count} 项" in run("catalogue", "import", *at, items).output
    assert "将取消" in run("catalogue", "withdraw", *at, "QX-MZ-0024").output
    assert "已发布第 2 版，共 1 项" in run("catalogue", "publish", *at).output
    assert told("catalogue", "show", *at, "--json")["release"] == 2
    broken = tmp_path / "broken.json"
    broken.write_text('{"notice": "示例", "items": [{"code": "A"}, {"code": "B", "name": "乙"}]}')
    done = run("catalogue", "import", *at, broken)
    assert done.exit_code == 1
    assert "事项第 1 行（A） · 事项名称（name）：没有写" in done.output
    assert "事项第 2 行（B） · 主管部门（department）：没有写" in done.output
    assert "17 处错误，没有导入" in done.output


def test_a_catalogue_from_a_windows_editor_is_read_and_a_slip_in_it_is_shown_by_its_line(directory, tmp_path):
    file = tmp_path / "calendar.json"
    file.write_bytes(b"\xef\xbb\xbf" + text("calendar.json"))
    assert run("catalogue", "check", "--data", directory, file).exit_code == 0
    file.write_text('{"items": [\n  {"code": "QX-1"},,\n]}')
    told = refusal(run("catalogue", "check", "--data", directory, file))
    assert "第 2 行" in told
    assert "第 20 个字" in told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[]", "整个文件应为一个 JSON 对象"),
        ('{"notice": "示例", "items": ["A", {"code": ""}]}', "事项第 1 行：现为 “A”，请写成一个 JSON 对象"),
    ],
)
def test_a_catalogue_of_another_shape_is_told_so_in_chinese(directory, tmp_path, written, told):
    broken = tmp_path / "broken.json"
    broken.write_text(written)
    for what in ("check", "import"):
        done = run("catalogue", what, "--data", directory, broken)
        assert done.exit_code == 1
        assert told in done.output
        assert "broken.json 有" in done.output


def test_the_digest_is_json(directory):
    sid = register(directory)["sid"]
    assert set(told("digest", "--data", directory, "--station", sid)) == {"sha256", "documents", "blobs", "away"}


def test_commands_reach_a_centre_that_is_running(directory, items):
    with open_centre(directory, keys=read().keys()) as node:
        centre = build_centre(node, read({}))
        with listening(directory, commands_of(centre)):
            sid = register(directory)["sid"]
            assert told("enrol-again", "--data", directory, "--json", sid)["device"] == "02"
            assert len(told("stations", "--data", directory, "--json")["stations"]) == 1
            assert told("status", "--data", directory, "--json")["stations"]["registered"] == 1
            assert run("catalogue", "import", "--data", directory, items).exit_code == 0
            assert run("catalogue", "publish", "--data", directory).exit_code == 0
            assert run("digest", "--data", directory).exit_code == 0
            typed = run("account", "--data", directory, "--password-stdin", "zhou", typed="Qingxi-2026\n")
            assert typed.exit_code == 0
            assert "已登记" in refusal(run("enrol", "--data", directory, "--name", "再来", "--code", VILLAGE))
            assert "没有登记过" in refusal(run("enrol-again", "--data", directory, "nobody"))
        assert len(node.catalogue.items()) == len(county().items)
        assert centre.accounts.find("zhou").role is Role.SUPERVISOR


@pytest.mark.parametrize("command", ["status", "stations", "photos", "alert list"])
def test_a_station_is_refused_in_the_same_words_while_it_runs(tmp_path, command):
    village = tmp_path / "village"
    Node.found(village, lambda tx: describe(tx, name="石桥村", region=VILLAGE, upstream="http://h")).close()
    asked = (*command.split(), "--data", village)
    by_itself = refusal(run(*asked))
    with Node.open(village), listening(village, {command: lambda arguments: {}}, group="edge"):
        assert refusal(run(*asked)) == by_itself
    assert "是站点的数据目录，不是中心的" in by_itself


def test_what_cannot_be_is_said_in_a_sentence(directory, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('{"items": [{"code": 1}]}')
    village = tmp_path / "village"
    Node.found(village, lambda tx: describe(tx, name="石桥村", region=VILLAGE, upstream="http://h")).close()
    cases = (
        ("初始化过", init(directory)),
        ("县级", init(tmp_path / "new", TOWNSHIP)),
        ("12 位数字", init(tmp_path / "new", "99")),
        ("12 位数字", run("enrol", "--data", directory, "--name", "石桥村", "--code", "1")),
        ("辖区", run("enrol", "--data", directory, "--name", "石桥村", "--code", "110101001001")),
        ("1 到 60 个字", run("enrol", "--data", directory, "--name", " ", "--code", VILLAGE)),
        ("没有登记过", run("enrol", "--data", directory, "--name", "石桥村", "--code", VILLAGE, "--under", "x")),
        ("没有登记过", run("enrol-again", "--data", directory, "nobody")),
        ("没有站点", run("digest", "--data", directory, "--station", "nobody")),
        ("密码", run("account", "--data", directory, "--password-stdin", "zhou", typed="1234\n")),
        ("agent", run("account", "--data", directory, "--role", "agent", "wang")),
        ("不是中心", run("status", "--data", village)),
        ("不是中心", run("serve", "--data", village, "--port", "0")),
        ("没有数据目录", run("status", "--data", tmp_path / "nowhere")),
        ("notice", run("catalogue", "check", "--data", directory, broken)),
        ("没有 nobody", run("catalogue", "withdraw", "--data", directory, "nobody")),
    )
    for expected, done in cases:
        assert expected in refusal(done)
    assert not (tmp_path / "new").exists()


def test_a_certificate_for_browsers_that_is_not_there_is_told_before_anything_runs(directory, monkeypatch):
    monkeypatch.setenv("YIZHAN_CERTIFICATE", str(directory / "gone.pem"))
    assert "证书不能使用" in refusal(run("serve", "--data", directory, "--host", "0.0.0.0", "--port", "0"))


def test_a_second_server_on_one_directory_is_told_so(directory):
    with open_centre(directory, keys=read().keys()):
        assert refusal(run("serve", "--data", directory, "--port", "0"))


@contextmanager
def served(directory):
    """`yizhan central serve` in a process of its own; gives its URL, and ends it as an operator does."""
    command = [sys.executable, "-m", "sync.commands.main", "central", "serve", "--data", str(directory), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found, process.stderr.read()
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            said, complained = process.communicate(timeout=START_SECONDS)
    assert (process.returncode, said, complained) == (0, "", "")


def test_a_served_centre_enrols_a_station_over_the_wire_while_commands_reach_it(directory, tmp_path):
    run("account", "--data", directory, "--password-stdin", "zhou", typed="Qingxi-2026\n")
    with served(directory) as url:
        code = register(directory)["code"]
        place = {"name": "石桥村", "region": VILLAGE, "upstream": url}
        with Node.found(tmp_path / "village", lambda tx: describe(tx, **place)) as village:
            enter_code(village, code)
            transport = Transport(url, timeout_seconds=10)
            assert enrol(village, RemotePeer(transport).enrol)
            transport.close()
        session = requests.Session()
        sign_in = session.post(f"{url}/api/v1/session", json={"name": "zhou", "password": "Qingxi-2026"}, timeout=10)
        assert sign_in.status_code == 201
        (row,) = session.get(f"{url}/api/v1/stations", timeout=10).json()["stations"]
        assert row["enrolled"]
        session.close()
    assert told("status", "--data", directory, "--json")["clock"]["quality"] == "confirmed"

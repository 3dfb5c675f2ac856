"""The command line: a station from nothing to its digest, alone and beside a running one."""

import json
import re
from contextlib import ExitStack

import pytest
from click.testing import CliRunner

from edge_node.cli import edge
from edge_node.commands import commands_of
from edge_node.services.spare_link import Frugality, PhotoMeter
from edge_node.settings import read
from edge_node.wiring import build_station
from fixtures.county import county, text
from sync.blobs.storing import store_bytes
from sync.errors import SyncError
from sync.node.centre_key import pin_centre
from sync.node.identity import describe_centre
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from sync.node.road.shut_lanes import note_shut
from sync.node.sharing import UPSTREAM
from sync.records.ids import chunk_id, content_revision, sha256_hex
from sync.store.ledger.alarms import Alarm, raise_alarm
from sync.store.ledger.blobs import note_complete
from sync.store.ledger.contacts import note_contact
from sync.store.ledger.spending import charge
from sync.trust.keys import generate
from sync.version import VERSION
from sync.web.control import listening
from sync.web.roles import Role

CODE = str(EnrolmentCode("k3m7q", "01", "7KXW9RTB2C"))


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "village"


def run(*arguments, typed=""):
    return CliRunner().invoke(edge, [str(argument) for argument in arguments], input=typed)


def init(directory, *more):
    place = ("--code", "990281101201", "--name", "石桥村便民服务站", "--upstream", "http://127.0.0.1:1")
    return run("init", "--data", directory, *place, *more)


@pytest.fixture
def village(directory):
    assert init(directory, "--enrolment", CODE).exit_code == 0
    return directory


def status(directory):
    done = run("status", "--data", directory, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_alarms_are_listed_in_words_and_settled(village):
    assert run("alarms", "--data", village).output == "没有告警\n"
    with Node.open(village, keys=read().keys()) as node:
        writer, life = node.identity.writer, node.identity.life
        alarms = [
            Alarm("turned-back", writer, life, 3, life, "f" * 16, "k3m7q", node.clock()),
            Alarm("two-heads", "a" * 16, life, 3, "x", "y", "a" * 16, node.clock()),
            Alarm("of-tomorrow", writer, life, 3, "x", "y", "k3m7q", node.clock()),
        ]
        node.engine.write(lambda tx: [raise_alarm(tx, alarm) for alarm in alarms])
    told = json.loads(run("alarms", "--data", village, "--json").stdout)["alarms"]
    assert [one["kind"] for one in told] == ["of-tomorrow", "two-heads", "turned-back"]
    shown = run("alarms", "--data", village).output
    assert "换回较早的状态" in shown
    assert "不认识的设备：签名与本机所存的步骤不符" in shown
    settle = ("alarms", "--data", village, "--settle", told[0]["alarm"])
    assert "请写明查到了什么" in refusal(run(*settle))
    left = run(*settle, "--why", "旧电脑已停用").output
    assert "还不认识的矛盾" not in left
    assert status(village)["alarms"] == 2
    assert run(*settle, "--why", "x").exit_code == 0  # once more changes nothing
    assert "没有这条告警" in refusal(run("alarms", "--data", village, "--settle", 99, "--why", "x"))


def test_a_photo_that_is_not_whole_any_more_is_told_with_what_it_lacks(village):
    assert run("photos", "--data", village).output == "没有缺损的照片\n"
    assert "没有备份文件" in refusal(run("photos", "--data", village, "--from-backup", village / "none"))
    with Node.open(village, keys=read().keys()) as node:
        blobs = node.ensure_database("blobs_k3m7q")
        node.ensure_database("station_k3m7q")
        root = store_bytes(blobs.graft, bytes(40_000), media_type="image/jpeg").root
        node.write(lambda tx: note_complete(tx, "blobs_k3m7q", root))
        lost = chunk_id(sha256_hex(bytes(16_384)))
        blobs.purge({lost: [content_revision(lost.removeprefix("chunk:"))]})
    checked = run("photos", "--data", village, "--check", "--json")
    assert checked.exit_code == 0, checked.output
    (told,) = json.loads(checked.stdout)["photos"]
    assert (told["pieces"], told["of"], told["held_by"], told["in_backup"]) == (1, 2, [], False)
    assert "缺 1/2 份；可能有：还不知道哪里有" in run("photos", "--data", village).output
    assert "没有备份文件" in refusal(run("photos", "--data", village, "--from-backup", village / "none"))


def test_a_station_is_set_up_and_says_who_it_is(village):
    told = status(village)
    assert (told["sid"], told["device"], told["name"]) == ("k3m7q", "01", "石桥村便民服务站")
    lines = run("status", "--data", village).output
    assert "k3m7q" in lines
    assert "从未" in lines


def test_the_code_may_be_entered_later(directory):
    assert "尚未输入注册码" in init(directory).output
    assert status(directory)["sid"] == ""
    assert "k3m7q" in run("enrol", "--data", directory, CODE).output
    assert status(directory)["device"] == "01"


def test_an_account_takes_its_password_from_standard_input(village):
    done = run("account", "--data", village, "--role", "reviewer", "--password-stdin", "李建国", typed="Liuhe-2026x\n")
    assert done.exit_code == 0
    assert "Liuhe-2026x" not in done.output
    with Node.open(village, keys=read().keys()) as node:
        station = build_station(node, read({}))
        assert station.accounts.verify("李建国", "Liuhe-2026x").role is Role.REVIEWER
        station.courier.close()


def test_a_password_made_up_is_shown_once_and_can_be_made_up_again(village):
    first = run("account", "--data", village, "wang").output
    again = run("account", "--data", village, "--reset", "wang").output
    shown = [line.rpartition("：")[2].strip() for line in (first + again).splitlines() if "初始密码" in line]
    assert len(set(shown)) == 2


def test_the_catalogue_is_brought_by_hand_and_bringing_it_again_changes_nothing(village, tmp_path):
    file = tmp_path / "items.json"
    file.write_bytes(text("items.json"))
    for _ in range(2):
        assert f"共 {len(county().items)} 个事项" in run("catalogue", "--data", village, file).output


def test_the_digest_is_json(village):
    told = json.loads(run("digest", "--data", village, "--station", "k3m7q").output)
    assert set(told) == {"sha256", "documents", "blobs", "away"}


def test_nothing_is_let_go_while_nobody_above_was_heard(village):
    assert "没有与上级联系" in refusal(run("let-go", "--data", village, "--dry-run"))
    with Node.open(village, keys=read().keys()) as node:
        node.write(lambda tx: pin_centre(tx, generate().public))
        node.write(lambda tx: note_contact(tx, UPSTREAM, now_ms=node.clock()))
    told = run("let-go", "--data", village, "--dry-run").output
    assert told == "可以腾出 0 件办件的照片 0 张，约 0.0 MB\n"
    told = run("let-go", "--data", village, "--days", 30, "--json").output
    assert json.loads(told) == {"cases": 0, "photos": 0, "bytes": 0, "dry_run": False}
    assert status(village)["let_go_bytes"] == 0


def test_commands_reach_a_station_that_is_running(village, tmp_path):
    file = tmp_path / "items.json"
    file.write_bytes(text("items.json"))
    with Node.open(village, keys=read().keys()) as node:
        station = build_station(node, read({}))
        with listening(village, commands_of(station)):
            assert status(village)["sid"] == "k3m7q"
            assert run("catalogue", "--data", village, file).exit_code == 0
            assert run("account", "--data", village, "--password-stdin", "wang", typed="Shiqiao-2026\n").exit_code == 0
            assert run("digest", "--data", village).exit_code == 0
        assert run("digest", "--data", village).stderr == ""
        assert len(station.catalogue.items()) == len(county().items)
        assert station.accounts.find("wang").role is Role.AGENT
        station.courier.close()


@pytest.mark.parametrize("command", ["status", "sync", "let-go", "enrol", "upstream", "photos"])
def test_a_centre_is_refused_in_the_same_words_while_it_runs(tmp_path, command):
    centre = tmp_path / "centre"
    Node.found(centre, lambda tx: describe_centre(tx, name="青溪县", region="990281000000")).close()
    words = {"enrol": [CODE], "upstream": ["https://10.0.0.1:1"]}.get(command, [])
    asked = (command, "--data", centre, *words)
    by_itself = refusal(run(*asked))
    with Node.open(centre), listening(centre, {command: lambda arguments: {}}, group="central"):
        assert refusal(run(*asked)) == by_itself
    assert "是中心的数据目录，不是站点的" in by_itself
    assert "不是站点的" in refusal(run("serve", "--data", centre, "--port", "0"))


def test_a_node_that_was_upgraded_and_not_restarted_is_told_of(village, monkeypatch):
    monkeypatch.setattr("sync.web.control.VERSION", "0.0.9")
    with Node.open(village, keys=read().keys()) as node:
        station = build_station(node, read({}))
        with listening(village, commands_of(station)):
            done = run("status", "--data", village)
        station.courier.close()
    assert done.exit_code == 0
    assert done.stderr == f"yizhan: 正在运行的是 0.0.9 版，已安装的是 {VERSION} 版：请重启这个节点\n"
    assert "石桥村" in done.stdout
    assert run("status", "--data", village).stderr == ""  # nobody runs it any more


def refusal(done):
    """What the user reads; the outermost command turns a SyncError into a line and its remedy."""
    assert done.exit_code != 0
    told = done.exception.reason if isinstance(done.exception, SyncError) else done.output
    assert isinstance(done.exception, SyncError | SystemExit)
    assert "Traceback" not in done.output
    return told


def test_what_cannot_be_is_said_in_a_sentence(village, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('{"items": [{"code": 1}]}')
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "初始化过" in refusal(init(village))
    assert "注册码" in refusal(run("enrol", "--data", village, "K3M7Q"))
    assert "另一站点" in refusal(run("enrol", "--data", village, str(EnrolmentCode("m4n5p", "02", "7KXW9RTB2C"))))
    assert refusal(run("catalogue", "--data", village, broken))
    assert "UTF-8" in refusal(run("catalogue", "--data", village, binary))
    assert "没有站点" in refusal(run("digest", "--data", village, "--station", "other"))
    assert "密码" in refusal(run("account", "--data", village, "--password-stdin", "wang", typed="1234\n"))
    assert refusal(run("account", "--data", village, "--role", "supervisor", "wang"))
    assert "没有" in refusal(run("account", "--data", village, "--reset", "nobody"))
    assert "没有" in refusal(run("account", "--data", village, "--change", "--phone", "1", "nobody"))
    assert run("account", "--data", village, "--change", "wang").exit_code == 2
    assert run("account", "--data", village, "--change", "--reset", "--phone", "1", "wang").exit_code == 2
    assert "没有数据目录" in refusal(run("status", "--data", tmp_path / "nowhere"))


def test_what_a_person_is_called_is_changed_by_the_command(village):
    run("account", "--data", village, "wang")
    done = run("account", "--data", village, "--change", "--display-name", "王芳", "wang")
    assert (done.exit_code, done.output) == (0, "账号 wang 的姓名现为 王芳\n")


def test_a_directory_that_is_no_station_is_told_so(tmp_path):
    (tmp_path / "empty").mkdir()
    assert refusal(run("status", "--data", tmp_path / "empty"))


def test_synchronising_with_nobody_there_is_a_sentence_and_the_status_remembers(village):
    assert refusal(run("sync", "--data", village))
    assert status(village)["last_contact"]["error"]


def test_a_second_server_on_one_directory_is_told_so_in_chinese(village):
    with Node.open(village, keys=read().keys()):
        told = refusal(run("serve", "--data", village, "--port", "0"))
        assert "数据正被占用" in told
        assert re.search(r"（进程 \d+）", told)


@pytest.mark.parametrize("served", [False, True], ids=["by itself", "beside a running station"])
def test_the_node_above_is_called_at_another_address(village, served):
    def change(url):
        return run("upstream", "--data", village, url)

    with ExitStack() as stack:
        if served:
            node = stack.enter_context(Node.open(village, keys=read().keys()))
            station = build_station(node, read({}))
            stack.callback(station.courier.close)
            stack.enter_context(listening(village, commands_of(station)))
        assert "https://127.0.0.1:2" in change("https://127.0.0.1:2/").output
        assert status(village)["upstream"] == "https://127.0.0.1:2"
        assert refusal(run("sync", "--data", village))
        assert "127.0.0.1:2" in status(village)["last_contact"]["error"]
        for url in ("http://10.0.0.2:8800", "10.0.0.2", "https://wang:secret@10.0.0.2"):
            assert "地址" in refusal(change(url))
        assert status(village)["upstream"] == "https://127.0.0.1:2"


def test_an_upstream_on_another_machine_is_named_by_https_or_plain_in_so_many_words(tmp_path, monkeypatch):
    place = ("--code", "990281101201", "--name", "石桥村便民服务站", "--upstream")

    def founded(name, url):
        return run("init", "--data", tmp_path / name, *place, url)

    assert "https://" in refusal(founded("plain", "http://10.0.0.2:8800"))
    assert not (tmp_path / "plain").exists()
    assert founded("secure", "https://10.0.0.2:8800").exit_code == 0
    monkeypatch.setenv("YIZHAN_ALLOW_PLAIN_UPSTREAM", "yes")
    assert founded("plain", "http://10.0.0.2:8800").exit_code == 0


def test_a_certificate_for_browsers_that_is_not_there_is_told_before_anything_runs(village, monkeypatch):
    monkeypatch.setenv("YIZHAN_CERTIFICATE", str(village / "gone.pem"))
    assert "证书不能使用" in refusal(run("serve", "--data", village, "--host", "0.0.0.0", "--port", "0"))


def test_status_says_what_photos_have_sent_of_the_months_budget_and_what_is_running_out(village, monkeypatch):
    assert "照片流量" not in run("status", "--data", village).output  # nothing is set
    monkeypatch.setenv("YIZHAN_BLOB_BUDGET_MB", "20")
    monkeypatch.setenv("YIZHAN_SPARE_DISK_MB", str(1 << 32))  # no disk has that
    with Node.open(village, keys=read().keys()) as node:
        month = status_of(node)["month"]
        node.write(lambda tx: charge(tx, month, 21 << 20))
        node.write(lambda tx: note_shut(tx, [("blobs_k3m7q", "上级磁盘空间不足")]))
    lines = run("status", "--data", village).output
    assert f"照片流量  {month} 已用 21.0 MB / 20 MB，额度已用完，照片等下月或手动同步" in lines
    assert "上级暂不收  上级磁盘空间不足" in lines
    assert "空间      磁盘只剩" in lines
    assert "申请照常收" in lines


def test_quiet_hours_that_are_none_are_told_before_anything_runs(village, monkeypatch):
    monkeypatch.setenv("YIZHAN_QUIET_HOURS", "from eight to ten")
    done = run("status", "--data", village)
    assert done.exit_code != 0
    assert isinstance(done.exception, SyncError)
    assert "08:30-11:30" in str(done.exception)


def status_of(node):
    return PhotoMeter(node, Frugality).standing()

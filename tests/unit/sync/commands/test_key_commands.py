"""The key of a node from the command line: shown once, looked up again, brought to another PC on paper."""

import re

import pytest
from click.testing import CliRunner

from central.cli import central
from edge_node.cli import edge
from sync.commands.keeping import backup, doctor, restore
from sync.errors import KeyMissing, SyncError
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.store.connection import FILE_NAME
from sync.store.unlocking import key_number_of

CODE = str(EnrolmentCode("k3m7q", "01", "7KXW9RTB2C"))
PLACE = (
    "--code",
    "990281101201",
    "--name",
    "石桥村便民服务站",
    "--upstream",
    "http://127.0.0.1:1",
    "--enrolment",
    CODE,
)


def run(command, *arguments, typed=None, fails=False):
    done = CliRunner().invoke(command, [str(argument) for argument in arguments], input=typed)
    assert bool(done.exit_code) == fails, (done.output, done.exception)
    return done


def refusal(done) -> str:
    assert isinstance(done.exception, SyncError), done.exception
    return f"{done.exception.reason}\n{done.exception.remedy}"


def shown_code(output: str) -> str:
    return re.search(r"恢复码    ([0-9A-Z ]+)\n", output)[1]


@pytest.fixture
def pc(tmp_path, monkeypatch):
    """Say on which PC commands run from now on, each of which has keys of its own."""

    def change(name):
        monkeypatch.setenv("YIZHAN_KEY_DIRECTORY", str(tmp_path / name))
        return tmp_path / name

    change("first")
    return change


@pytest.fixture
def village(tmp_path, pc):
    return tmp_path / "village"


def test_commands_to_copy_name_a_directory_with_spaces_so_that_they_can_be_copied(tmp_path, pc):
    spaced = tmp_path / "石桥村 数据"
    assert f'--data "{spaced}" --check' in run(edge, "init", "--data", spaced, *PLACE).output


def test_a_station_comes_back_on_another_pc_with_its_backup_and_the_code_on_paper(tmp_path, village, pc):
    founded = run(edge, "init", "--data", village, *PLACE).output
    number = key_number_of(village / FILE_NAME)
    assert f"密钥 {number} 存为 {tmp_path / 'first' / number}.key" in founded
    assert "抄在纸上" in founded
    code = shown_code(founded)
    assert f"密钥 {number} 的恢复码" in run(backup, village, tmp_path / "backup").output

    pc("second")
    with_typo = code[:-1] + ("0" if code[-1] != "0" else "1")
    wrong = run(restore, tmp_path / "backup", tmp_path / "again", typed=f"{with_typo}\n", fails=True)
    assert "恢复码第 7 组不对" in refusal(wrong)
    other = shown_code(run(edge, "init", "--data", tmp_path / "other", *PLACE).output)
    wrong = run(restore, tmp_path / "backup", tmp_path / "again", typed=f"{other}\n", fails=True)
    assert f"要的是密钥 {number} 的" in refusal(wrong)
    assert not (tmp_path / "again").exists()
    assert "已恢复到" in run(restore, tmp_path / "backup", tmp_path / "again", typed=f"{code.lower()}\n").output
    assert run(doctor, tmp_path / "again").output == f"数据完好，已加密（密钥 {number}）。\n"
    assert "石桥村便民服务站" in run(edge, "status", "--data", tmp_path / "again").output
    # From now on the key is here, and nobody is asked.
    assert "恢复码" not in run(restore, tmp_path / "backup", tmp_path / "third").output.partition("恢复后")[0]


def test_a_key_that_is_gone_is_named_and_put_back_from_paper(village, pc):
    code = shown_code(run(edge, "init", "--data", village, *PLACE).output)
    second = pc("second")
    for command in ([edge, "status", "--data", village], [doctor, village], [edge, "recovery-code", "--data", village]):
        done = run(*command, fails=True)
        assert isinstance(done.exception, KeyMissing)
        assert str(second) in refusal(done)
        assert "enter-recovery-code" in refusal(done)
    assert "已存为" in run(edge, "enter-recovery-code", "--data", village, typed=f"{code}\n").output
    assert run(edge, "status", "--data", village).exit_code == 0


def test_the_code_is_shown_again_to_who_says_that_nobody_looks(village):
    code = shown_code(run(edge, "init", "--data", village, *PLACE).output)
    asked = run(edge, "recovery-code", "--data", village, typed="n\n", fails=True).output
    assert "身边没有外人" in asked
    assert code not in asked
    assert shown_code(run(edge, "recovery-code", "--data", village, typed="y\n").output) == code
    assert shown_code(run(edge, "recovery-code", "--data", village, "--yes").output) == code
    checked = run(edge, "recovery-code", "--data", village, "--check", typed=f"{code}\n").output
    assert checked.endswith("抄得对，请把纸收好\n")
    slipped = ("X" if code[0] != "X" else "Y") + code[1:]
    wrong = run(edge, "recovery-code", "--data", village, "--check", typed=f"{slipped}\n", fails=True)
    assert "第 1 组不对" in refusal(wrong)


def test_a_centre_made_in_the_clear_says_so_and_is_encrypted_later_and_given_another_key(tmp_path, pc, monkeypatch):
    centre = tmp_path / "centre"
    monkeypatch.setenv("YIZHAN_ENCRYPT", "false")
    founded = run(central, "init", "--data", centre, "--code", "990281000000", "--name", "青溪县政务服务中心").output
    assert f"数据没有加密：谁拿到数据目录或备份都能看到内容。要加密：yizhan central encrypt --data {centre}" in founded
    assert not (tmp_path / "first").exists()
    assert "没有加密，没有恢复码" in refusal(run(central, "recovery-code", "--data", centre, "--yes", fails=True))
    assert "备份没有加密" in run(backup, centre, tmp_path / "backup", "--same-disk").output

    told = run(central, "encrypt", "--data", centre).output
    first = shown_code(told)
    assert "销毁旧备份" in told
    assert "数据已经加密" in run(central, "encrypt", "--data", centre).output
    kept = run(backup, centre, tmp_path / "encrypted", "--same-disk").output
    assert "备份已加密" in kept
    assert "已签发“中心已备份”的回执" in kept
    again = run(central, "encrypt", "--data", centre, "--new-key").output
    assert shown_code(again) != first
    assert "旧的纸请留到旧备份销毁为止" in again
    assert "青溪县政务服务中心" in run(central, "status", "--data", centre).output
    assert "没有数据" in refusal(run(central, "encrypt", "--data", tmp_path / "nowhere", fails=True))

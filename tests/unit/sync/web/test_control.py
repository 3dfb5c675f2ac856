"""Commands and the owner of a data directory."""

import http.client
import json
import os
import socket
import stat
import threading
import time

import pytest

from sync.errors import Conflict, LinkDown, NotFound, StorageError, StoreLocked
from sync.store.lock import OwnerLock
from sync.web.control import listening
from sync.web.owner import FILE_NAME, run_or_become


def become_nobody():
    raise StoreLocked("Process 1 owns it")


@pytest.fixture
def owned(tmp_path):
    """A directory that a process owns."""
    lock = OwnerLock(tmp_path)
    yield tmp_path
    lock.release()


def test_a_command_becomes_the_owner_where_there_is_none(tmp_path):
    def become():
        lock = OwnerLock(tmp_path)
        lock.release()
        return {"by": "itself"}

    assert run_or_become(tmp_path, "status", {}, become) == {"by": "itself"}


def test_a_command_reaches_the_owner_with_its_arguments_and_does_not_try_to_become_it(owned):
    def become():
        raise AssertionError("an owner answers, and a whole node was opened beside it")

    with listening(owned, {"enrol": lambda arguments: {"name": arguments["name"], "by": "owner"}}):
        answer = run_or_become(owned, "enrol", {"name": "石桥村"}, become)
    assert answer == {"name": "石桥村", "by": "owner"}


def test_a_catalogue_of_many_thousand_items_reaches_the_owner(owned):
    text = "高龄津贴" * 1_000_000
    with listening(owned, {"catalogue": lambda arguments: {"length": len(arguments["text"])}}):
        assert run_or_become(owned, "catalogue", {"text": text}, become_nobody) == {"length": len(text)}


def test_what_the_command_refuses_is_raised_at_the_other_side(owned):
    def refuse(arguments):
        raise Conflict("已登记")

    with listening(owned, {"enrol": refuse}), pytest.raises(Conflict, match="已登记"):
        run_or_become(owned, "enrol", {}, become_nobody)


def test_what_the_command_advises_is_advised_at_the_other_side(owned):
    def refuse(arguments):
        raise Conflict("已登记", remedy="请换一个区划代码。")

    with listening(owned, {"enrol": refuse}), pytest.raises(Conflict) as refused:
        run_or_become(owned, "enrol", {}, become_nobody)
    assert refused.value.remedy == "请换一个区划代码。"


def test_why_the_disk_of_the_owner_refused_is_told_at_the_other_side(owned):
    def refuse(arguments):
        raise StorageError("the file is no backup", remedy="请换一个文件。")

    with listening(owned, {"photos": refuse}), pytest.raises(StorageError) as refused:
        run_or_become(owned, "photos", {}, become_nobody)
    assert (refused.value.reason, refused.value.remedy) == ("the file is no backup", "请换一个文件。")


def test_an_unknown_command_is_told_as_such(owned):
    with listening(owned, {}), pytest.raises(NotFound):
        run_or_become(owned, "nonsense", {}, become_nobody)


def test_the_file_is_private_and_goes_with_the_owner(tmp_path):
    with listening(tmp_path, {}):
        path = tmp_path / FILE_NAME
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(json.loads(path.read_bytes())["token"]) >= 40
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer ", "Basic xx", "Bearer \xff"])
def test_nobody_commands_without_the_token(tmp_path, token):
    calls = []
    with listening(tmp_path, {"stop": lambda arguments: calls.append(1) or {}}) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Content-Type": "application/json", "Authorization": token.encode("latin-1")}
        connection.request("POST", "/control/stop", b"{}", headers)
        assert connection.getresponse().status == 401
        connection.close()
    assert not calls


def test_an_owner_that_is_still_starting_is_waited_for(owned):
    stop = threading.Event()

    def late_owner():
        time.sleep(0.4)
        with listening(owned, {"status": lambda arguments: {"well": True}}):
            stop.wait(10)

    owner = threading.Thread(target=late_owner)
    owner.start()
    try:
        assert run_or_become(owned, "status", {}, become_nobody) == {"well": True}
    finally:
        stop.set()
        owner.join()


def test_a_file_left_by_a_killed_owner_misleads_nobody(tmp_path):
    (tmp_path / FILE_NAME).write_text(json.dumps({"port": 1, "token": "old", "pid": 1}))
    assert run_or_become(tmp_path, "status", {}, lambda: {"by": "itself"}) == {"by": "itself"}


def test_whoever_listens_at_the_port_of_a_killed_owner_is_told_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        (tmp_path / FILE_NAME).write_text(json.dumps({"port": stranger.getsockname()[1], "token": "old"}))
        assert run_or_become(tmp_path, "status", {}, lambda: {"by": "itself"}) == {"by": "itself"}
        stranger.settimeout(0)
        with pytest.raises(BlockingIOError):
            stranger.accept()


def test_an_owner_that_takes_no_commands_is_named_after_a_while(owned, monkeypatch):
    monkeypatch.setattr("sync.web.owner._STARTING_SECONDS", 0.3)
    (owned / FILE_NAME).write_text("{broken")
    with pytest.raises(StoreLocked, match="Process 1"):
        run_or_become(owned, "status", {}, become_nobody)


def test_an_owner_that_dies_in_the_middle_is_not_asked_twice(owned):
    calls = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def hang_up():
            client, _ = listener.accept()
            calls.append(client.recv(1000))
            client.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        (owned / FILE_NAME).write_text(json.dumps({"port": listener.getsockname()[1], "token": "t"}))
        with pytest.raises(LinkDown, match="停止了") as gone:
            run_or_become(owned, "status", {}, become_nobody)
        thread.join()
    assert len(calls) == 1
    assert "再执行一次" in gone.value.remedy

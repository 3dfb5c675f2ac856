"""Commands and the owner of a data directory."""

import http.client
import json
import os
import socket
import stat
import threading
import time

import pytest

from sync.errors import Conflict, LinkDown, NotFound, StoreLocked
from sync.store.lock import OwnerLock
from sync.web.control import FILE_NAME, listening, run_or_become


def become_nobody():
    raise StoreLocked("Process 1 owns it")


def test_a_command_becomes_the_owner_where_there_is_none(tmp_path):
    def become():
        lock = OwnerLock(tmp_path)
        lock.release()
        return {"by": "itself"}

    assert run_or_become(tmp_path, "status", {}, become) == {"by": "itself"}


def test_a_command_reaches_the_owner_with_its_arguments(tmp_path):
    lock = OwnerLock(tmp_path)
    try:
        with listening(tmp_path, {"enrol": lambda arguments: {"name": arguments["name"], "by": "owner"}}):
            answer = run_or_become(tmp_path, "enrol", {"name": "石桥村"}, lambda: become_by_lock(tmp_path))
    finally:
        lock.release()
    assert answer == {"name": "石桥村", "by": "owner"}


def become_by_lock(directory):
    OwnerLock(directory).release()
    return {"by": "itself"}


def test_a_catalogue_of_many_thousand_items_reaches_the_owner(tmp_path):
    text = "高龄津贴" * 1_000_000
    with listening(tmp_path, {"catalogue": lambda arguments: {"length": len(arguments["text"])}}):
        assert run_or_become(tmp_path, "catalogue", {"text": text}, become_nobody) == {"length": len(text)}


def test_what_the_command_refuses_is_raised_at_the_other_side(tmp_path):
    def refuse(arguments):
        raise Conflict("已登记")

    with listening(tmp_path, {"enrol": refuse}), pytest.raises(Conflict, match="已登记"):
        run_or_become(tmp_path, "enrol", {}, become_nobody)


def test_what_the_command_advises_is_advised_at_the_other_side(tmp_path):
    def refuse(arguments):
        raise Conflict("已登记", remedy="请换一个区划代码。")

    with listening(tmp_path, {"enrol": refuse}), pytest.raises(Conflict) as refused:
        run_or_become(tmp_path, "enrol", {}, become_nobody)
    assert refused.value.remedy == "请换一个区划代码。"


def test_an_unknown_command_is_told_as_such(tmp_path):
    with listening(tmp_path, {}), pytest.raises(NotFound):
        run_or_become(tmp_path, "nonsense", {}, become_nobody)


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


def test_an_owner_that_is_still_starting_is_waited_for(tmp_path):
    stop = threading.Event()

    def late_owner():
        time.sleep(0.4)
        with listening(tmp_path, {"status": lambda arguments: {"well": True}}):
            stop.wait(10)

    owner = threading.Thread(target=late_owner)
    owner.start()
    try:
        assert run_or_become(tmp_path, "status", {}, become_nobody) == {"well": True}
    finally:
        stop.set()
        owner.join()


def test_a_file_left_by_a_killed_owner_misleads_nobody(tmp_path):
    (tmp_path / FILE_NAME).write_text(json.dumps({"port": 1, "token": "old", "pid": 1}))
    assert run_or_become(tmp_path, "status", {}, lambda: {"by": "itself"}) == {"by": "itself"}


def test_an_owner_that_takes_no_commands_is_named_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr("sync.web.control._STARTING_SECONDS", 0.3)
    (tmp_path / FILE_NAME).write_text("{broken")
    with pytest.raises(StoreLocked, match="Process 1"):
        run_or_become(tmp_path, "status", {}, become_nobody)


def test_an_owner_that_dies_in_the_middle_is_not_asked_twice(tmp_path):
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
        (tmp_path / FILE_NAME).write_text(json.dumps({"port": listener.getsockname()[1], "token": "t"}))
        with pytest.raises(LinkDown, match="停止了") as gone:
            run_or_become(tmp_path, "status", {}, become_nobody)
        thread.join()
    assert len(calls) == 1
    assert "再执行一次" in gone.value.remedy

"""`yizhan sync replicate` as a person or a script calls it."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sync.commands.replicate import sync, tell_report
from sync.database import Database
from sync.errors import Forbidden, LinkDown
from sync.http_api.api import create_app
from sync.replication.report import Refusal, Report
from sync.revisions.revision import Revision
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.values.documents import Edit
from sync.values.json_text import parse
from sync.web.serving import running
from tests.unit.sync.replication.watching import refusing

Run = Callable[..., Result]
ROOT = Path(__file__).parents[4]


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(sync, ["replicate", *arguments])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A directory whose database `a` holds three documents."""
    with Engine.open(tmp_path / "store") as engine:
        engine.databases.create("a").write([Edit(f"d{number}", None) for number in range(3)])
    return tmp_path / "store"


@pytest.fixture
def served() -> Iterator[tuple[str, MemoryDatabases]]:
    databases = MemoryDatabases()
    with running(create_app(databases, uuid="test"), threads=4) as port:
        yield f"http://127.0.0.1:{port}", databases


def count(directory: Path, name: str) -> int:
    with Engine.open(directory) as engine:
        return engine.database(name).info().doc_count


def test_it_carries_between_two_databases_of_one_directory_and_says_so(run: Run, store: Path) -> None:
    result = run(f"{store}/a", f"{store}/b", "--create")
    assert result.exit_code == 0
    assert "已写入 3 份" in result.stdout
    assert "3 of 3 documents written" in result.stdout
    assert count(store, "b") == 3


def test_it_carries_to_a_server_and_back(run: Run, store: Path, served: tuple[str, MemoryDatabases]) -> None:
    url, databases = served
    assert run(f"{store}/a", f"{url}/far", "--create").exit_code == 0
    assert databases.open("far").info().doc_count == 3
    assert run(f"{url}/far", f"{store}/back", "--create").exit_code == 0
    assert count(store, "back") == 3


def test_the_report_is_one_json_object(run: Run, store: Path, served: tuple[str, MemoryDatabases]) -> None:
    url, _ = served
    report = parse(run(f"{store}/a", f"{url}/far", "--create", "--json").stdout)
    assert (report["ok"], report["docs_read"], report["docs_written"], report["refused"]) == (True, 3, 3, [])
    assert report["bytes_sent"] > 0
    assert report["bytes_received"] > 0
    assert report["round_trips"] == 1  # told without asking
    again = parse(run(f"{store}/a", f"{url}/far", "--json").stdout)
    assert (again["docs_read"], again["round_trips"]) == (0, 1)


def test_refused_documents_end_in_exit_code_3(run: Run, store: Path) -> None:
    source = MemoryDatabases()
    source.create("a").write([Edit("good", None), Edit("bad", None)])

    class Strict(MemoryDatabases):
        def open(self, name: str) -> Database:
            opened = super().open(name)
            return refusing(opened, lambda document: Forbidden("not here") if document.id == "bad" else None)

    strict = Strict()
    strict.create("b")
    with (
        running(create_app(source, uuid="s"), threads=4) as one,
        running(create_app(strict, uuid="t"), threads=4) as two,
    ):
        result = run(f"http://127.0.0.1:{one}/a", f"http://127.0.0.1:{two}/b")
    assert result.exit_code == 3
    assert "refused: bad" in result.stdout
    assert strict.held["b"].info().doc_count == 1


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("a", "b", "DIRECTORY/DATABASE"),
        ("{store}/a", "{store}/a", "the same database"),
        ("{store}/a", "{store}/b", "Database does not exist"),
        ("{store}/nowhere", "{store}/a", "Database does not exist"),
        ("/nowhere/at/all/a", "{store}/a", "there is no directory"),
        ("{store}/a", "http://127.0.0.1:1/b", "nobody listens there"),
        ("{store}/a", "http://127.0.0.1:1", "names no database"),
        ("{store}/a", "ftp://127.0.0.1/b", "http://HOST"),
        ("{store}/a", "{store}/B!", "Database does not exist"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence_with_exit_code_1(
    run: Run, store: Path, source: str, target: str, said: str
) -> None:
    arguments = [place.format(store=store) for place in (source, target)]
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    report = parse(run(*arguments, "--json").stdout)
    assert report["ok"] is False
    assert said in report["error"]["reason"]


def test_looking_for_a_store_makes_no_directory(run: Run, tmp_path: Path) -> None:
    run(f"{tmp_path}/new/a", f"{tmp_path}/other/b")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_another_process_has_open_is_named(run: Run, store: Path) -> None:
    with Engine.open(store):
        result = run(f"{store}/a", f"{store}/b", "--create")
    assert result.exit_code == 1
    assert f"owns {store}" in result.stderr


def test_a_password_in_the_url_is_never_shown(run: Run, store: Path) -> None:
    result = run(f"{store}/a", "http://me:hidden@127.0.0.1:1/b")
    assert "hidden" not in result.output


def test_long_lists_of_refusals_are_cut_short_for_people_and_errors_keep_their_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused = tuple(Refusal(f"d{number}", Revision(1, "a"), "no") for number in range(25))
    tell_report(Report(docs_read=25, refused=refused, error=LinkDown("cut")), as_json=False)
    told = capsys.readouterr()
    assert told.out.count("refused:") == 10
    assert "还有 15 个被拒绝" in told.out
    assert "cut" in told.err
    assert LinkDown.remedy in told.err


def test_live_it_carries_what_comes_until_ctrl_c(served: tuple[str, MemoryDatabases]) -> None:
    url, databases = served
    source, target = databases.create("a"), databases.create("b")
    source.write([Edit("first", None)])
    command = [sys.executable, "-m", "sync.commands.main", "sync", "replicate", "--live", "--json"]
    child = subprocess.Popen([*command, f"{url}/a", f"{url}/b"], stdout=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    with child.stdout as told:
        assert parse(told.readline())["docs_written"] == 1
        source.write([Edit("second", None)])
        assert parse(told.readline())["docs_written"] == 1
        child.send_signal(signal.SIGINT)
        assert told.read() == b""
    assert child.wait(10) == 0
    assert target.info().doc_count == 2

"""Copied village database file: no plain ID, phone, bank no."""

import base64
import json
import shutil
from pathlib import Path

import pytest

from edge_node.wiring import build_app
from fixtures.county import county
from sync.http_api.feeds import FeedGate
from sync.store.backup import back_up
from sync.store.key_folder import KeyFolder
from tests.unit.edge_node.applications import JPEG, application, key
from tests.unit.edge_node.conftest import PASSWORD, SetClock, stations
from tests.unit.edge_node.registering import register


def _live_a_day(directory: Path, keys: KeyFolder | None) -> list[str]:
    """A village takes applications and registers somebody; its files are copied in the middle of it, and at its end.

    directory  gets `during`, `after` and `backup`
    returns    what nobody may read in there
    """
    secrets = []
    with stations(directory / "live", SetClock(), keys) as make:
        station = make()
        home = station.node.engine.directory
        client = build_app(station, FeedGate()).test_client()
        assert client.post("/api/v1/session", json={"name": "wang", "password": PASSWORD}).status_code == 201
        for number in range(3):
            body = application(number=number, photos=(JPEG,))
            body["fields"]["bank_card"] = f"62284804023456{number:05}"
            assert client.post("/api/v1/cases", json=body, headers=key(f"case {number}")).status_code == 201
            secrets += [body["fields"][name] for name in ("applicant_name", "id_number", "phone", "bank_card")]
        one = county().people[5]
        register(client, 5)
        secrets += [one.name, one.id_number, one.phone]
        private = station.node.engine.look(lambda reader: reader.one("SELECT private FROM node_key"))[0]
        shutil.copytree(home, directory / "during")
        (directory / "backup").mkdir()
        back_up(home, directory / "backup" / "village", keys=keys)
    shutil.copytree(home, directory / "after")
    return [*secrets, private.hex(), "a photo of nothing"]


def _forms(secret: str) -> set[bytes]:
    """How a secret might stand in a file: as it is, in other encodings, escaped, or in Base64 wherever it begins."""
    texts = [secret.encode(each) for each in ("utf-8", "utf-16-le", "gb18030")]
    raw = bytes.fromhex(secret) if len(secret) == 64 else secret.encode()
    escaped = json.dumps(secret).strip('"').encode()
    shifted = {base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3)}
    return {form for form in {*texts, raw, escaped, *shifted} if len(form) >= 6}


def _read_there(directory: Path, secrets: list[str]) -> set[str]:
    """Which of them are to be found in any file of a directory."""
    contents = [path.read_bytes() for path in directory.rglob("*") if path.is_file()]
    assert sum(map(len, contents)) > 200_000
    return {secret for secret in secrets for form in _forms(secret) if any(form in content for content in contents)}


@pytest.mark.parametrize("kept", ["during", "after", "backup"])
def test_a_copied_village_database_file_shows_no_id_number_phone_or_bank_card(day: tuple[Path, list[str]], kept: str):
    directory, secrets = day
    assert _read_there(directory / kept, secrets) == set()


def test_in_the_clear_they_would_all_be_found(tmp_path: Path):
    secrets = _live_a_day(tmp_path, None)
    assert _read_there(tmp_path / "after", secrets) == set(secrets)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    directory = tmp_path_factory.mktemp("day")
    return directory, _live_a_day(directory, KeyFolder(tmp_path_factory.mktemp("elsewhere")))

"""A reader of ID cards over real HTTP: what is read, and what is said when nothing is."""

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import requests

from edge_node.devices.http_reader import HttpIdReader
from edge_node.devices.id_reader import CardUnclear, MappingWrong, NoCard, ReaderSilent
from edge_node.devices.reader_mapping import mapping_at, read_mapping
from edge_node.devices.simulator import INVENTED, Simulator, build_simulator
from sync.errors import BadRequest
from sync.values.json_text import dump
from sync.web.serving import running

TODAY = date(2025, 9, 26)


@pytest.fixture(scope="module")
def simulator() -> Iterator[tuple[Simulator, str]]:
    one = Simulator()
    with running(build_simulator(one), threads=2) as port:
        yield one, f"http://127.0.0.1:{port}/card"


def reader(url: str, seconds: float = 5) -> HttpIdReader:
    return HttpIdReader(url, timeout_seconds=seconds, today=lambda: TODAY)


def test_what_lies_on_it_is_read(simulator: tuple[Simulator, str]) -> None:
    one, url = simulator
    one.put({"address": "柳河镇"})
    card = reader(url).read()
    assert (card.name, card.number, card.birthday) == (INVENTED["name"], INVENTED["citizenId"], "19410315")
    assert (card.address, card.valid_until) == ("柳河镇", "长期")
    assert not card.has_expired(TODAY)
    one.put({"validDateEnd": "20250925"})
    assert reader(url).read().has_expired(TODAY)


def test_an_empty_reader_says_so(simulator: tuple[Simulator, str]) -> None:
    one, url = simulator
    one.put(None)
    with pytest.raises(NoCard, match="没有放卡"):
        reader(url).read()


@pytest.mark.parametrize(
    "wrong",
    [{"citizenId": "990281194103150023"}, {"citizenId": 1}, {"name": ""}, {"name": "x" * 101}, {"validDateEnd": "?"}],
)
def test_what_cannot_be_right_is_not_taken_and_not_repeated(
    simulator: tuple[Simulator, str], wrong: dict[str, object]
) -> None:
    one, url = simulator
    one.put(wrong)
    with pytest.raises(CardUnclear) as error:
        reader(url).read()
    assert "9902811941" not in str(error.value)


def test_a_program_that_is_not_there_or_says_nothing_is_not_waited_for_long(simulator: tuple[Simulator, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        with pytest.raises(ReaderSilent, match="没有响应"):
            reader(f"http://127.0.0.1:{port}/card", 0.2).read()
    with pytest.raises(ReaderSilent):
        reader(f"http://127.0.0.1:{port}/card").read()
    with pytest.raises(NoCard):
        reader(simulator[1] + "/elsewhere").read()


@pytest.mark.parametrize("url", ["127.0.0.1:8899", "ftp://127.0.0.1/card", "http://10.0.0.2/card", "http://"])
def test_a_card_goes_over_no_network_in_the_clear(url: str) -> None:
    with pytest.raises(BadRequest, match="id_reader_url"):
        reader(url)


# Three vendors' programs, each with its mapping as the how-to has it and what it says on the wire.
FLAT = {
    "ok": {"member": "resultFlag", "is": ["0"]},
    "under": "",
    "fields": {
        "name": "partyName",
        "sex": "gender",
        "nation": "nation",
        "birthday": "bornDay",
        "address": "certAddress",
        "citizenId": "certNumber",
        "issueOrgan": "certOrg",
        "validDateStart": "effDate",
        "validDateEnd": "expDate",
        "photo": "identityPic",
    },
}
NESTED = {
    "method": "POST",
    "body": {"command": "readIDCard"},
    "ok": {"member": "status.ret", "is": [0, 144]},
    "under": "result.card",
    "fields": {"name": "Name", "citizenId": "IDNumber", "validDateEnd": "Validity.End", "photo": None},
}
BARE = {"ok": None, "under": "data", "fields": {"citizenId": "idNo", "issueOrgan": None, "validDateEnd": None}}
PICTURE = b"\xff\xd8\xff a face \xff\xd9"


@contextmanager
def speaking(told: dict[str, object], card: dict[str, object] | None) -> Iterator[str]:
    one = Simulator(mapping=read_mapping(dump(told)))
    one.put(card)
    with running(build_simulator(one), threads=2) as port:
        yield f"http://127.0.0.1:{port}/card"


def mapped(url: str, told: dict[str, object]) -> HttpIdReader:
    return HttpIdReader(url, timeout_seconds=5, today=lambda: TODAY, mapping=read_mapping(dump(told)))


def test_a_program_with_names_of_its_own_is_read_by_its_mapping() -> None:
    encoded = "data:image/jpeg;base64," + base64.b64encode(PICTURE).decode()
    with speaking(FLAT, {"validDateStart": "2016.03.15", "validDateEnd": "2036.3.15", "photo": encoded}) as url:
        wire = requests.get(url, timeout=5).json()
        assert (wire["resultFlag"], wire["certNumber"], wire["expDate"]) == ("0", INVENTED["citizenId"], "2036.3.15")
        card = mapped(url, FLAT).read()
        assert (card.name, card.issuer) == (INVENTED["name"], INVENTED["issueOrgan"])
        assert (card.valid_from, card.valid_until, card.photo) == ("20160315", "20360315", PICTURE)
    with speaking(NESTED, {"validDateEnd": "长期有效", "sex": 2}) as url:
        assert requests.get(url, timeout=5).status_code == 405
        wire = requests.post(url, json={}, timeout=5).json()
        assert wire["result"]["card"]["Validity"] == {"End": "长期有效"}
        card = mapped(url, NESTED).read()
        assert (card.number, card.valid_until, card.sex) == (INVENTED["citizenId"], "长期", "2")
    with speaking(BARE, {"validDateStart": "2016年3月15日"}) as url:
        assert set(requests.get(url, timeout=5).json()) == {"message", "data"}
        card = mapped(url, BARE).read()
        assert (card.number, card.valid_from, card.valid_until) == (INVENTED["citizenId"], "20160315", "")
        assert not card.has_expired(TODAY)


@pytest.mark.parametrize("told", [FLAT, NESTED, BARE], ids=["flat", "nested", "bare"])
def test_an_empty_reader_of_any_vendor_says_so(told: dict[str, object]) -> None:
    with speaking(told, None) as url, pytest.raises(NoCard):
        mapped(url, told).read()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({**FLAT, "ok": {"member": "flag", "is": ["0"]}}, "没有“flag”"),
        ({**FLAT, "under": "data"}, "没有“data”这一层"),
        ({**FLAT, "fields": {**FLAT["fields"], "citizenId": "idNo"}}, "没有“idNo”（公民身份号码）"),  # type: ignore[dict-item]
        ({**FLAT, "fields": {**FLAT["fields"], "citizenId": "certOrg"}}, "“certOrg”不像公民身份号码"),  # type: ignore[dict-item]
        ({**FLAT, "fields": {**FLAT["fields"], "validDateEnd": "nation"}}, "“nation”不像有效期止"),  # type: ignore[dict-item]
    ],
)
def test_a_wrong_mapping_is_said_in_one_sentence_without_anything_of_the_card(
    told: dict[str, object], sentence: str
) -> None:
    with speaking(FLAT, {}) as url, pytest.raises(MappingWrong, match=sentence) as error:
        mapped(url, told).read()
    assert not any(value in error.value.reason for value in INVENTED.values())
    assert "id_reader_mapping" in error.value.remedy


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"names: x", "应为一个 JSON 对象"),
        (b'{"url": "x"}', "没有 url 这一项"),
        (b'{"method": "PUT"}', "method 应为 GET 或 POST"),
        (b'{"body": {}}', "body"),
        (b'{"under": 1}', "under"),
        (b'{"ok": {"member": "code"}}', "ok 应写作"),
        (b'{"fields": {"number": "x"}}', "没有 fields.number 这一项"),
        (b'{"fields": {"name": null}}', "fields.name（姓名）不能没有"),
        (b'{"fields": {"sex": 1}}', "fields.sex 应为文字"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_by_the_member_that_is_wrong(
    tmp_path: Path, text: bytes, sentence: str
) -> None:
    path = tmp_path / "reader.json"
    path.write_bytes(text)
    with pytest.raises(BadRequest, match=sentence):
        mapping_at(path)
    with pytest.raises(BadRequest, match="打不开"):
        mapping_at(tmp_path / "none.json")

"""A reader of ID cards over real HTTP: what is read, and what is said when nothing is."""

import socket
from collections.abc import Iterator
from datetime import date

import pytest

from edge_node.devices.http_reader import HttpIdReader
from edge_node.devices.id_reader import CardUnclear, NoCard, ReaderSilent
from edge_node.devices.simulator import INVENTED, Simulator, build_simulator
from sync.errors import BadRequest
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

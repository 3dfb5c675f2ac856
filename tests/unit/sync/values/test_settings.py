"""What the environment says wrongly is told by name, and what to do, before anything runs."""

import pytest

from central.settings import read as read_centre
from edge_node.settings import read as read_station
from sync.errors import BadRequest
from sync.values.settings import Setting, read_settings

SETTINGS = (
    Setting("host", "127.0.0.1", "A text that is not to be empty."),
    Setting("token", "", "A text that may be."),
    Setting("port", 8800, "A number with bounds.", least=0, most=65_535),
    Setting("spare_mb", 1024, "A number without."),
    Setting("encrypt", True, "Yes or no."),
)


def read(**given: str) -> dict[str, object]:
    return {**read_settings(SETTINGS, given, prefix="Y_")}


def test_what_is_not_said_is_the_default() -> None:
    assert read() == {"host": "127.0.0.1", "token": "", "port": 8800, "spare_mb": 1024, "encrypt": True}
    assert read(Y_PORT="65535", Y_TOKEN="", Y_SPARE_MB="-1", Y_ENCRYPT="no") == {
        "host": "127.0.0.1",
        "token": "",
        "port": 65_535,
        "spare_mb": -1,
        "encrypt": False,
    }


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("Y_HOST", " ", "不能为空"),
        ("Y_PORT", "", "整数"),
        ("Y_PORT", "1e3", "整数"),
        ("Y_PORT", "-1", "不能小于 0"),
        ("Y_PORT", "77777", "不能大于 65535"),
        ("Y_SPARE_MB", "9" * 30, "不能大于"),
        ("Y_ENCRYPT", "maybe", "yes"),
    ],
)
def test_what_makes_no_sense_is_told_by_name_with_what_to_do(variable: str, text: str, told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read(**{variable: text})
    assert variable in refused.value.reason
    assert told in refused.value.reason
    assert "改正" in refused.value.remedy


@pytest.mark.parametrize(
    "given",
    [
        {"YIZHAN_HOST": ""},
        {"YIZHAN_PORT": "65536"},
        {"YIZHAN_LINK_TIMEOUT_SECONDS": "0"},  # a call that may never be silent fails, each time with a traceback
        {"YIZHAN_SYNC_INTERVAL_SECONDS": "99999999999999999"},  # no timer goes so far
        {"YIZHAN_TOLD_AFTER_SECONDS": "99999999999999999"},
        {"YIZHAN_LONGEST_WAIT_SECONDS": "99999999999999999"},
        {"YIZHAN_IDLE_MINUTES": "0"},  # nobody would be signed in
        {"YIZHAN_ID_READER_SECONDS": "0"},
    ],
)
def test_a_station_does_not_start_with_what_it_would_fail_on_later(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=next(iter(given))):
        read_station(given)


@pytest.mark.parametrize("given", [{"YIZHAN_BACKUP_HOUR": "24"}, {"YIZHAN_NUMBER_SECONDS": "99999999999999999"}])
def test_a_centre_does_not_start_with_an_hour_that_never_comes(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=next(iter(given))):
        read_centre(given)

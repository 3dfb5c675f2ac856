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
    Setting("spare_mb", 1024, "A number of something."),
    Setting("encrypt", True, "Yes or no."),
)


def read(**given: str) -> dict[str, object]:
    return {**read_settings(SETTINGS, given, prefix="Y_")}


def test_what_is_not_said_is_the_default() -> None:
    assert read() == {"host": "127.0.0.1", "token": "", "port": 8800, "spare_mb": 1024, "encrypt": True}
    assert read(Y_PORT="65535", Y_TOKEN="", Y_SPARE_MB="0", Y_ENCRYPT="no") == {
        "host": "127.0.0.1",
        "token": "",
        "port": 65_535,
        "spare_mb": 0,
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
        ("Y_SPARE_MB", "-1", "不能小于 0"),
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
        {"YIZHAN_THREADS": "0"},  # nobody would be answered
        {"YIZHAN_THREADS": "100000"},
        {"YIZHAN_SYNC_INTERVAL_SECONDS": "0"},
        {"YIZHAN_LONGEST_WAIT_SECONDS": "-1"},
        {"YIZHAN_BLOB_BUDGET_MB": "-1"},  # read as any number
        {"YIZHAN_BLOB_BUDGET_MB": "9007199254740991"},  # no status could be told with it
        {"YIZHAN_LARGEST_STORE_MB": "9007199254740991"},
        {"YIZHAN_SPARE_DISK_MB": "-5"},
        {"YIZHAN_STATION_PHOTOS_MB": "-1"},
        {"YIZHAN_LARGEST_APPLICATION_BYTES": "-1"},
        {"YIZHAN_LARGEST_APPLICATION_BYTES": "0"},  # no application would be taken
        {"YIZHAN_LARGEST_PHOTO_BYTES": "0"},
        {"YIZHAN_PHOTO_FIT_BYTES": "-1"},
        {"YIZHAN_DRAFTS_BYTES": "-1"},
        {"YIZHAN_DRAFT_DAYS": "-1"},
        {"YIZHAN_LET_GO_DAYS": "-1"},
        {"YIZHAN_LET_GO_DAYS": "99999999999"},  # before all calendars
        {"YIZHAN_KIOSK_IDLE_SECONDS": "0"},  # it would ask all the time
        {"YIZHAN_DEVICE_REQUESTS_PER_SECOND": "-1"},
        {"YIZHAN_STRANGER_REQUESTS_PER_SECOND": "-1"},
    ],
)
def test_a_station_does_not_start_with_what_it_would_fail_on_later(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=next(iter(given))):
        read_station(given)


@pytest.mark.parametrize(
    "given",
    [
        {"YIZHAN_BACKUP_HOUR": "24"},
        {"YIZHAN_NUMBER_SECONDS": "99999999999999999"},
        {"YIZHAN_THREADS": "-2"},
        {"YIZHAN_SILENT_DAYS": "0"},  # all would be red
        {"YIZHAN_BACKUPS_KEPT": "0"},
        {"YIZHAN_STATION_RECORDS_MB": "-1"},
    ],
)
def test_nor_does_a_centre(given: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match=next(iter(given))):
        read_centre(given)

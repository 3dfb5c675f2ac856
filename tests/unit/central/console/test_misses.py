"""没查到的说法: the centre sees what people looked for at its stations, and by which item it is found since."""

from pathlib import Path

from sync.casework.note_miss import note_missed
from sync.node.publishing import drafted, publish
from sync.node.road.stating_misses import state_misses
from tests.unit.central.stations import tell

DAY_MS = 86_400_000
ITEMS = Path("fixtures/items.json")


def test_words_are_listed_with_counts_stations_and_days_and_what_they_find_now(node, enrolled, clock, sign_in):
    stations = [enrolled(name, region) for name, region in (("石桥村", "990281101201"), ("东湾村", "990281101202"))]
    for at, texts in enumerate((["尊老金", "卫星电视", "尊老金"], ["尊老金"])):
        for text in texts:
            assert note_missed(stations[at], text)
    clock.now_ms += DAY_MS
    for station in stations:
        state_misses(station)
        tell(station, node)
    supervisor = sign_in("zhou")
    shown = supervisor.get("/misses").text
    assert "尊老金" in shown
    assert "还没有" in shown
    drafted(node, ITEMS.read_bytes(), by="acct:zhou")
    publish(node, by="acct:zhou")
    listed = supervisor.get("/api/v1/search/misses").get_json()
    assert listed["words"] == [
        {
            "text": "尊老金",
            "times": 3,
            "stations": 2,
            "station_names": ["东湾村", "石桥村"],
            "since": "2025-09-26",
            "last_day": "2025-09-26",
            "item": "高龄津贴",
        },
        {**listed["words"][1], "text": "卫星电视", "times": 1, "stations": 1, "item": ""},
    ]
    assert "高龄津贴" in supervisor.get("/misses").text
    found, cursor = [], ""
    while cursor is not None:
        page = supervisor.get("/api/v1/search/misses", query_string={"limit": 1, "cursor": cursor}).get_json()
        found, cursor = found + page["words"], page["next"]
    assert found == listed["words"]
    assert supervisor.get("/misses?cursor=x").status_code == 302
    assert supervisor.get("/api/v1/search/misses?cursor=x").status_code == 400

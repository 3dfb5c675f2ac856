"""What the centre tells Prometheus: of stations how many, and never which."""

from central.wiring import build_app
from sync.http_api.feeds import FeedGate
from tests.unit.central.stations import take_in, tell
from tests.unit.edge_node.test_metrics import families, told_on_page

DAY_MS = 24 * 3_600_000


def numbers(centre) -> dict:
    return families(build_app(centre, FeedGate()).test_client().get("/metrics").text)


def test_silent_stations_are_counted_by_how_long(centre, enrolled, node, clock):
    village = enrolled("石桥村便民服务站")
    take_in(village)
    tell(village, node)
    assert numbers(centre)["yizhan_stations_silent"] == {("1h",): 0, ("1d",): 0, ("3d",): 0, ("7d",): 0}
    clock.now_ms += 4 * DAY_MS
    told = numbers(centre)
    assert told["yizhan_stations_silent"] == {("1h",): 1, ("1d",): 1, ("3d",): 1, ("7d",): 0}
    assert told["yizhan_stations"][("enrolled",)] == 1


def test_no_station_is_named_and_every_number_stands_on_the_page(centre, enrolled, node):
    village = enrolled("石桥村便民服务站")
    take_in(village)
    tell(village, node)
    text = build_app(centre, FeedGate()).test_client().get("/metrics").text
    who = village.identity
    assert [name for name in (who.sid, who.name, who.region, who.writer, who.life) if name in text] == []
    assert set(families(text)) | {"yizhan_outbox_documents"} == told_on_page("Every node", "A centre")

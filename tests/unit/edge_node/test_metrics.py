"""What a station tells Prometheus, read by Prometheus' own parser: whose it is to read, and that it names nobody."""

import re
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from edge_node.settings import read
from edge_node.wiring import build_app, build_station
from sync.http_api.feeds import FeedGate
from sync.web.passwords import Passwords
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.conftest import SID

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "metrics.md").read_text("utf-8")
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


def families(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """{family: {label values: number}}."""
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def told_on_page(*headings: str) -> set[str]:
    parts = [PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0] for heading in headings]
    return {
        name.removesuffix("_total") for part in parts for name in re.findall(r"^\| `(yizhan_\w+)`", part, re.MULTILINE)
    }


def test_what_waits_is_told_by_lane(app: Flask, client) -> None:
    client.post("/api/v1/cases", json=application(), headers=key("1"))
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    told = families(answer.text)
    assert told["yizhan_waiting_documents"][("records",)] == 1
    assert told["yizhan_waiting_bytes"][("records",)] > 100
    assert told["yizhan_unconfirmed_events"] == {(): 1}
    assert told["yizhan_cases"] == {(): 1}
    assert told["yizhan_carried_bytes"][("up", "photos")] == 0


def test_every_number_stands_on_the_page_and_nothing_else(app: Flask, clock) -> None:
    told = set(families(app.test_client().get("/metrics").text))
    later = {
        "yizhan_outbox_documents",
        "yizhan_lane_bytes_per_second",
        "yizhan_lane_last_success_timestamp_seconds",
        "yizhan_upstream_last_success_timestamp_seconds",
        "yizhan_arrived_cases",
    }
    assert told - later == told_on_page("Every node", "A station") - later


def test_no_label_and_no_value_names_anybody(app: Flask, client, station) -> None:
    taken = client.post("/api/v1/cases", json=application(), headers=key("1")).get_json()
    text = app.test_client().get("/metrics").text
    who = station.node.identity
    secrets = [SID, who.name, who.region, who.writer, who.life, taken["id"], taken["receipt_number"]]
    secrets += [value for value in application()["fields"].values() if len(str(value)) > 3]
    assert [secret for secret in secrets if str(secret) in text] == []
    labels = {value for each in families(text).values() for values in each for value in values}
    assert not [label for label in labels if not re.fullmatch(r"[a-z]+|[0-9]+\.[0-9]+\.[0-9]+[a-z0-9.]*", label)]


def test_nobody_reads_them_from_elsewhere_without_a_token_or_an_account(app: Flask, sign_in) -> None:
    reader = app.test_client()
    assert reader.get("/metrics", environ_base=ELSEWHERE).status_code == 401
    assert reader.get("/metrics", headers={"X-Forwarded-For": "192.168.1.20"}).status_code == 401
    assert reader.get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": "Bearer "}).status_code == 401
    assert sign_in("wang").get("/metrics", environ_base=ELSEWHERE).status_code == 403
    assert sign_in("root").get("/metrics", environ_base=ELSEWHERE).status_code == 200


def test_the_token_of_the_settings_opens_them_and_no_other(make_station) -> None:
    node = make_station().node
    station = build_station(
        node, read({"YIZHAN_METRICS_TOKEN": "s3cret"}), passwords=Passwords(memory_kib=64, passes=1)
    )
    reader = build_app(station, FeedGate()).test_client()
    statuses = [
        reader.get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": f"Bearer {token}"}).status_code
        for token in ("s3cret", "s3cre", "s3cret0")
    ]
    station.courier.close()
    assert statuses == [200, 401, 401]
    assert "s3cret" not in repr(station.settings)


@pytest.mark.parametrize("path", ["/metrics"])
def test_numbers_are_kept_by_nobody(app: Flask, path: str) -> None:
    assert app.test_client().get(path).headers["Cache-Control"] == "no-store"

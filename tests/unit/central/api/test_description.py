"""The centre describes its own API, made from what runs."""

import re

from sync.api_description.document import open_path
from tests.described import sentences


def test_every_route_is_described_and_nothing_that_is_not_there(app):
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    there = {
        (open_path(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/events"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, told in document["paths"].items() for method in told} == there
    assert document["info"]["title"] == "驿站中心接口"
    assert [one for one in sentences(document) if not re.search("[\u4e00-\u9fff]", one)] == []

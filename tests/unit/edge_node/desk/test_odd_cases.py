"""A case whose fields have shapes nobody foresaw is shown all the same, and so is the list it stands in."""

import random
from typing import Any

import pytest

from sync.node.acts.recording import Act, record
from sync.records.clock import Quality, time_text
from tests.unit.edge_node.conftest import SID
from tests.unit.forms import read

ODD = (None, True, -1, 1 << 50, "", "x", "0001-01-01", "9999-12-31", [], {}, [[]], [{}], {"x": {}}, [{"name": {}}])
PAPERS = ([{"name": {}, "photos": [{}]}], [{"name": [], "photos": 1}], [None], {}, [{"name": 1, "kind": {}}])
NAMES = (
    *("receipt_number", "item", "item_version", "item_name", "applicant_name", "id_number", "phone", "channel"),
    *("promise", "statutory", "person", "prefilled", "assignee", "gaps", "situations", "bundle", "case_number"),
    *("tolerance_materials", "tolerance_due", "supplement_due", "agent_name", "authority", "signed", "address"),
)


def sign(station: Any, number: int, chance: random.Random) -> str:
    fields: dict[str, Any] = {"village_role": "受", "deciding_level": "county", "tolerable": True}
    fields |= {name: chance.choice(ODD) for name in chance.sample(NAMES, 8)}
    fields |= {"received_at": time_text(station.node.clock()), "materials": chance.choice(PAPERS)}
    node, doc_id = station.node, f"case:{SID}-odd{number}"
    act = Act(doc_id, "received", fields, "acct:wang", node.clock(), Quality.CONFIRMED)
    node.write(lambda tx: record(tx, node.documents, node.identity, act))
    return doc_id


@pytest.mark.parametrize("seed", range(6))
def test_a_case_of_odd_fields_is_shown_and_told(client, station, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(12):
        doc_id = sign(station, number, chance)
        assert client.get(f"/api/v1/cases/{doc_id}").status_code == 200, (seed, number)
        assert client.get(f"/cases/{doc_id}").status_code == 200, (seed, number)
    assert "odd" in read(client, "/cases")
    assert client.get("/api/v1/cases").status_code == 200

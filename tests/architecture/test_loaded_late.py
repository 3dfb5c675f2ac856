"""What most stations are never asked for is not loaded when they start: a village's PC has 1 GB."""

import subprocess
import sys

import pytest

_LATE = {
    "what draws QR codes": "segno",
    "what Prometheus reads": "prometheus_client",
    "what draws the description of the API": "apispec",
    "the shapes of answers, which only that needs": "sync.case_api.answer_schemas",
    "the routes of CouchDB": "sync.http_api.routes",
    "what writes volumes for sticks": "sync.carrying.exporting",
    "what reads volumes": "sync.bundle",
    "replications by hand": "sync.replicator",
    "what compares after a restore": "sync.node.road.comparing",
    "a CouchDB's documents over HTTP": "sync.remote.database",
    "queries by selector": "sync.mango",
}
_LOADED = """
import sys
import {module}
print("\\n".join(sys.modules))
"""


def _loaded_by(module: str) -> frozenset[str]:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(module=module)], capture_output=True, text=True, check=True, timeout=60
    )
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("wiring", ["edge_node.wiring", "central.wiring"])
def test_what_is_seldom_asked_for_is_not_loaded_at_a_start(wiring: str) -> None:
    loaded = _loaded_by(wiring)
    assert wiring in loaded
    early = {what: module for what, module in _LATE.items() if module in loaded}
    assert not early, f"{wiring} loads {early}"


def test_a_server_that_only_stores_documents_loads_nothing_that_signs() -> None:
    loaded = _loaded_by("sync.commands.couch")
    assert "sync.http_api.routes" in loaded
    assert "cryptography" not in loaded


@pytest.mark.parametrize("group", ["edge_node.cli", "central.cli"])
def test_a_command_that_a_running_node_answers_loads_no_node(group: str) -> None:
    loaded = _loaded_by(group)
    early = loaded & {"flask", "marshmallow", "requests", "sync.node.node", "sync.store.engine"}
    assert not early, f"{group} loads {early}"


def test_requests_does_without_what_guesses_encodings() -> None:
    said = """
import sys
from sync.commands.frugal import guess_no_encodings
guess_no_encodings()
import requests
print([name for name in sys.modules if name.startswith("charset_normalizer.")], requests.compat.chardet)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", said], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[] None\n", "")

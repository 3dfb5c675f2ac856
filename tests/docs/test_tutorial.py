"""The tutorial runs: every line of it, as it stands there, but for the ports."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, Page

TUTORIAL = Page(ROOT / "docs" / "tutorial" / "first-station.md")
# Strict, so that no failing line is passed over; and whatever happens, no server stays behind.
FRAME = "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="needs bash and curl")
def test_the_first_station_is_founded_and_its_application_reaches_the_centre(tmp_path: Path) -> None:
    script = FRAME + "\n".join(TUTORIAL.code("bash"))
    for port in ("8700", "8800"):
        assert port in script
        script = script.replace(port, free_port())
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same answer" in done.stdout
    assert '"reached": "village"' in done.stdout
    (custody,) = tmp_path.glob("*/custody.json")
    assert [hop["state"] for hop in json.loads(custody.read_text("utf-8"))["hops"]] == ["held", "held"]


def free_port() -> str:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return str(asked.getsockname()[1])

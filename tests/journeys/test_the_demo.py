"""The demo is what a stranger runs first: it plays to its end, and every promise it makes on the way holds."""

import subprocess
import sys

import pytest

_PATIENCE_SECONDS = 420  # it takes eighty on a machine of its own


@pytest.mark.long
@pytest.mark.timeout(_PATIENCE_SECONDS + 60)
def test_the_demo_plays_to_its_end_and_all_of_it_holds() -> None:
    command = [sys.executable, "-m", "sync.commands.main", "demo", "--once"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "✘" not in told.stdout
    assert told.stdout.count("✔") == 7
    assert "Traceback" not in told.stderr

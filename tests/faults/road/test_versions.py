"""A node of each version begins, whichever of them the chance of a course chooses."""

import subprocess
import sys

import pytest

from tests.faults.road.versions import VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_a_node_of_each_version_begins(version: str) -> None:
    begun = f"from tests.faults.road.versions import speak\nspeak({version!r})\nimport sync.node.road.upward"
    subprocess.run([sys.executable, "-c", begun], check=True)

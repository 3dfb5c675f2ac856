"""Packages are plain: a front door says what is inside and carries nothing, and everything is shipped."""

import ast
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("sync", "edge_node", "central", "fixtures")
SHIPPED = {".py", ".json", ".html", ".js", ".css", ".svg", ".png", ".webmanifest", ".sql", ".typed", ".zdict", ".po"}
NOT_SOURCE = shutil.ignore_patterns(".git", ".venv", "node_modules", "build", "*.egg-info", "__pycache__", ".*_cache")


def sources(suffix: str = ".py") -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob(f"*{suffix}"))]


@pytest.mark.parametrize(
    "door", [path for path in sources() if path.name == "__init__.py"], ids=lambda door: str(door.relative_to(ROOT))
)
def test_a_front_door_says_what_is_inside_and_imports_nothing(door: Path) -> None:
    tree = ast.parse(door.read_text("utf-8"))
    assert ast.get_docstring(tree), "no docstring"
    assert len(tree.body) == 1, "more than a docstring"


def test_every_folder_of_modules_is_a_package() -> None:
    homeless = {path.parent for path in sources() if not (path.parent / "__init__.py").exists()}
    assert homeless == set()


def test_no_module_is_named_for_nothing_in_particular() -> None:
    vague = {"utils", "util", "common", "misc", "manager", "base", "helpers"}
    assert [path for path in sources() if path.stem in vague or path.parent.name in vague] == []


def test_the_wheel_carries_every_module_page_and_script(tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT, tmp_path / "source", ignore=NOT_SOURCE)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", tmp_path]
    done = subprocess.run([*command, copy], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("yizhan-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    wanted = {str(path.relative_to(ROOT)) for suffix in SHIPPED for path in sources(suffix)}
    assert wanted - inside == set()
    assert any(name.endswith("entry_points.txt") for name in inside)

"""Every module opens with what it is; in `sync` also with what it must not know."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path for package in ("sync", "edge_node", "central", "fixtures") for path in (ROOT / package).rglob("*.py")
)
ROOMS = [path for path in MODULES if path.is_relative_to(ROOT / "sync")]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_and_everything_public_explains_itself(path: Path) -> None:
    assert docstring(path), "the module has no docstring"
    mute = [node.name for node in public(ast.parse(path.read_text("utf-8"))) if not ast.get_docstring(node)]
    assert mute == []


@pytest.mark.parametrize("path", [path for path in ROOMS if path != ROOT / "sync" / "__init__.py"], ids=name)
def test_a_module_of_sync_says_what_it_must_not_know(path: Path) -> None:
    assert "Must not know" in docstring(path)


def public(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes of a module that others may call by name."""
    return [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    ]

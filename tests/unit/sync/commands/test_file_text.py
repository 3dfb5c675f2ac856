"""A file that somebody names on the command line: what is wrong with it is said in a sentence."""

from pathlib import Path

import click
import pytest

from sync.commands.node_group import file_text


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b'{"items":' + b"9" * 10_000 + b"}", b"{"])
def test_what_is_not_to_be_read_is_said_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "items.json"
    file.write_bytes(content)
    with pytest.raises(click.ClickException, match=r"items\.json"):
        file_text(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe", "应为 UTF-8 编码的 JSON 文件"),
        (b"[" * 200_000, "括号一层套一层，套得太深"),
        (b'{"items":' + b"9" * 10_000 + b"}", "有一个数的位数太多"),
        (b"{", "第 1 行第 2 个字处有错"),
    ],
)
def test_what_is_said_is_what_is_wrong(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "items.json"
    file.write_bytes(content)
    with pytest.raises(click.ClickException, match=told):
        file_text(file)

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

"""Paths as they are told to a running node: as text, also those whose names are no text.

A stick from an old machine has names in its encoding, of which JSON takes nothing; such a path goes as a `file:` URI.

Must not know: what lies there.
"""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

_SCHEME = "file://"


def path_text(path: Path) -> str:
    """A path from the root of the file system, as text."""
    whole = path.resolve()
    try:
        str(whole).encode()
    except UnicodeEncodeError:
        return whole.as_uri()
    return str(whole)


def read_path(text: str) -> Path:
    """The path that a text names; no path from the root begins as a URI does."""
    return Path(os.fsdecode(unquote_to_bytes(text.removeprefix(_SCHEME)))) if text.startswith(_SCHEME) else Path(text)

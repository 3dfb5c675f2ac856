"""The few files beside the database, written so that a power cut leaves the old one or the new one, whole.

A file is on disk once it was flushed, and its name once its directory was. `Files` is what the system offers;
fault tests put a disk in between that loses whatever was not flushed.

Must not know: what the files hold.
"""

import os
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """What can be done to a file, nothing of it durable before its `flush`."""

    def write(self, path: Path, data: bytes) -> None:
        """Make a file anew with this content."""
        ...

    def flush(self, path: Path) -> None:
        """Put a file, or the names in a directory, on the disk itself."""
        ...

    def replace(self, source: Path, target: Path) -> None:
        """Give a file the name of another, which goes."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file if it is there."""
        ...


class SystemFiles:
    """The operating system's."""

    def write(self, path: Path, data: bytes) -> None:
        """See `Files`; a new file each time, so that nobody's identity is taken over."""
        path.unlink(missing_ok=True)
        with path.open("wb") as file:
            file.write(data)

    def flush(self, path: Path) -> None:
        """See `Files`; names in a directory are the system's business on Windows."""
        if os.name == "nt" and path.is_dir():
            return
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def replace(self, source: Path, target: Path) -> None:
        """See `Files`."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """See `Files`."""
        path.unlink(missing_ok=True)


SYSTEM: Files = SystemFiles()


def put_whole(path: Path, data: bytes, *, files: Files = SYSTEM) -> None:
    """Give a file this content; on return it is on disk, and until then the old content is."""
    fresh = path.with_name(f"{path.name}.new")
    files.write(fresh, data)
    files.flush(fresh)
    files.replace(fresh, path)
    files.flush(path.parent)

"""Which dictionaries this version has, found by name and read when the first stream needs one.

Must not know: streams, peers.
"""

import hashlib
from functools import cache
from importlib.resources import files

import zstandard

from sync.errors import Damaged

# The one to propose; those before it are found by name.
CURRENT = "7ca98736937f626e5e12d02ba873b5b602e0beef4a2ff74c7fba9daef71e0e85"
_SUFFIX = ".zdict"


class Dictionary:
    """One dictionary. Guards that it is read once, and is what its name says."""

    def __init__(self, name: str, content: bytes) -> None:
        """Take a dictionary as zstd trains them; `name` is its SHA-256, 64 hexadecimal digits."""
        if hashlib.sha256(content).hexdigest() != name:
            raise Damaged(f"the dictionary {name[:12]} is not what its name says")
        self.name = name
        self._loaded = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_FULLDICT)
        self.number = self._loaded.dict_id()

    def loaded(self) -> zstandard.ZstdCompressionDict:
        """As zstd takes it."""
        return self._loaded


def names() -> tuple[str, ...]:
    """The names of all that are here, the current one first."""
    return tuple(sorted(_files(), key=lambda name: (name != CURRENT, name)))


@cache
def find(name: str) -> Dictionary | None:
    """The dictionary of that name, read at the first call; None when it is not here.

    raises  Damaged when the file is not what its name says
    """
    if name not in _files():
        return None
    return Dictionary(name, (files(__package__) / f"{name}{_SUFFIX}").read_bytes())


@cache
def _files() -> frozenset[str]:
    listed = files(__package__).iterdir()
    return frozenset(one.name.removesuffix(_SUFFIX) for one in listed if one.name.endswith(_SUFFIX))

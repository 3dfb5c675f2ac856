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
_NUMBER_AT = 4  # RFC 8878, 5. Dictionary Format: behind the magic number


class Dictionary:
    """One dictionary. Guards that it is read once, and is what its name says.

    number   by which a stream names it
    is_kept  whether it is for more than one conversation
    """

    is_kept = True

    def __init__(self, name: str, content: bytes) -> None:
        """Take a dictionary as zstd trains them; `name` is its SHA-256, 64 hexadecimal digits."""
        if hashlib.sha256(content).hexdigest() != name:
            raise Damaged(f"the dictionary {name[:12]} is not what its name says")
        self.name = name
        self.content = content
        self._loaded = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_FULLDICT)
        self.number = self._loaded.dict_id()

    def loaded(self) -> zstandard.ZstdCompressionDict:
        """As zstd takes it."""
        return self._loaded


class WithWords(Dictionary):
    """A dictionary with words behind it that both sides of one conversation have: an answer repeats most of its offer.

    A dictionary in zstd's format may have any content behind its tables; a number of its own tells it apart.
    """

    is_kept = False

    def __init__(self, dictionary: Dictionary, words: bytes) -> None:
        """Begin with a dictionary as it is shipped."""
        self.name = dictionary.name
        self.number = number_with_words(dictionary)
        content = dictionary.content
        self.content = content[:_NUMBER_AT] + self.number.to_bytes(4, "little") + content[_NUMBER_AT + 4 :] + words
        self._loaded = zstandard.ZstdCompressionDict(self.content, dict_type=zstandard.DICT_TYPE_FULLDICT)


def number_with_words(dictionary: Dictionary) -> int:
    """What a stream calls a dictionary with words behind it, whatever they are."""
    return dictionary.number ^ 1


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

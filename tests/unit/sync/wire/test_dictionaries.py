"""The shelf of dictionaries: what was shipped is there, and is what its name says."""

import hashlib

import pytest

from sync.errors import Damaged
from sync.wire.dictionaries.shelf import CURRENT, Dictionary, find, names
from sync.wire.packing import QUICK, Packer, Unpacker

# What was ever shipped; a name is added here and none is taken away.
SHIPPED = ("7ca98736937f626e5e12d02ba873b5b602e0beef4a2ff74c7fba9daef71e0e85",)


def test_everything_ever_shipped_is_here_and_the_current_one_stands_first() -> None:
    assert names()[0] == CURRENT == SHIPPED[-1]
    assert set(names()) == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_dictionary_is_what_its_name_says_and_serves_both_ends(name: str) -> None:
    dictionary = find(name)
    assert dictionary is not None
    assert dictionary.name == name
    packer, unpacker = Packer(QUICK, dictionary), Unpacker(dictionary)
    assert b"".join(unpacker.feed(packer.pack(b"words") + packer.end())) == b"words"


@pytest.mark.parametrize("name", ["", "0" * 64, "../shelf", CURRENT.upper(), CURRENT[:12]])
def test_what_is_not_on_the_shelf_is_not_found(name: str) -> None:
    assert find(name) is None


def test_a_damaged_dictionary_is_told() -> None:
    with pytest.raises(Damaged, match="not what its name says"):
        Dictionary(hashlib.sha256(b"one").hexdigest(), b"another")


def test_a_dictionary_is_read_once() -> None:
    assert find(CURRENT) is find(CURRENT)

"""What was said last, remembered on both sides."""

import pytest

from sync.errors import UnsupportedType
from sync.wire.dictionaries.shelf import find, names
from sync.wire.stream import frames_of, packed_by_size, type_of
from sync.wire.words import Spoken, add_name, split_name, with_words, words_of

DICTIONARY = find(names()[0])
OFFER, ANSWER = b'{"heard":"26ba5c5541564357:8"}', b'{"databases":{"public":"67-dd62d25b3567"}}'


def name_of(words: bytes) -> str:
    return split_name(add_name("application/x-yizhan; d=7ca98736", words))[1]


def test_what_was_said_last_is_recalled_by_its_name_and_by_no_other() -> None:
    spoken, words = Spoken(), words_of(OFFER, ANSWER)
    spoken.note("a", OFFER, ANSWER)
    assert spoken.recall("a", name_of(words)) == words
    assert spoken.recall("a", "") == b""
    for speaker, name in (("b", name_of(words)), ("a", "000000"), ("a", name_of(words)[:5])):
        with pytest.raises(UnsupportedType):
            spoken.recall(speaker, name)
    spoken.note("a", OFFER, b"other")
    with pytest.raises(UnsupportedType):
        spoken.recall("a", name_of(words))


def test_a_type_is_what_it_was_with_the_name_taken_off() -> None:
    for dictionary in (DICTIONARY, None):
        assert split_name(add_name(type_of(dictionary), b"words"))[0] == type_of(dictionary)
        assert split_name(add_name(type_of(dictionary), b"")) == (type_of(dictionary), "")


def test_many_words_are_not_kept_and_neither_are_those_of_too_many_speakers() -> None:
    spoken = Spoken()
    spoken.note("a", OFFER, ANSWER)
    spoken.note("a", OFFER, b"x" * 5_000)
    with pytest.raises(UnsupportedType):
        spoken.recall("a", name_of(words_of(OFFER, ANSWER)))
    for number in range(5_000):
        spoken.note(str(number), OFFER, b"%d" % number)
    assert spoken.recall("4999", name_of(words_of(OFFER, b"4999")))
    with pytest.raises(UnsupportedType):
        spoken.recall("0", name_of(words_of(OFFER, b"0")))


def test_what_repeats_the_words_costs_next_to_nothing_and_is_read_as_it_was() -> None:
    words = words_of(OFFER, ANSWER)
    frame = b"\x01" + bytes((len(OFFER),)) + OFFER
    [short] = packed_by_size([(frame, False)], with_words(DICTIONARY, words))
    [long] = packed_by_size([(frame, False)], DICTIONARY)
    assert len(short) < len(long) - 10
    assert [one.payload for one in frames_of([short], with_words(DICTIONARY, words))] == [OFFER]

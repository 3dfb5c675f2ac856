"""What two nodes said to each other last, as words that both have: an offer repeats most of the one before, and names
what its answer named.

    Content-Type: application/x-yizhan; d=3f2a9c0d.5e81c2

Behind the dictionary's name stand the first digits of the SHA-256 of those words. Who has them no more (it was started
anew, or has spoken with too many since) says 415, and is told the same without them; so they go with a little alone.

Must not know: what was said, who it was.
"""

import hashlib
import threading
from collections import OrderedDict

from sync.errors import UnsupportedType
from sync.wire.dictionaries.shelf import Dictionary, WithWords

KNOWN_FROM = 5  # the version of exchanges from which on
_MOST_BYTES = 4 << 10  # longer ones say much, and seldom the same twice
_MOST_SPEAKERS = 4096
_DIGITS = 6
_BETWEEN = "."


def words_of(offer: bytes, answer: bytes) -> bytes:
    """The words that an offer and its answer leave behind; none where they were many."""
    words = offer + answer
    return words if len(words) <= _MOST_BYTES else b""


def with_words(dictionary: Dictionary | None, words: bytes) -> Dictionary | None:
    """What is packed and read with a dictionary and the words behind it."""
    return WithWords(dictionary, words) if dictionary is not None and words else dictionary


def add_name(content_type: str, words: bytes) -> str:
    """What a body is called that was packed with words behind the dictionary that its type names."""
    return content_type + _BETWEEN + _name_of(words) if words else content_type


def split_name(content_type: str) -> tuple[str, str]:
    """A type without the name of its words, and that name; "" where there is none."""
    before, between, name = content_type.rpartition(_BETWEEN)
    return (before, name) if between else (content_type, "")


class Spoken:
    """What each speaker and we said last. Guards that it is never more than a few megabytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: OrderedDict[str, bytes] = OrderedDict()

    def note(self, speaker: str, offer: bytes, answer: bytes) -> None:
        """Remember what was said now, and nothing of before."""
        words = words_of(offer, answer)
        with self._lock:
            self._words.pop(speaker, None)
            if words:
                self._words[speaker] = words
            if len(self._words) > _MOST_SPEAKERS:
                self._words.popitem(last=False)

    def recall(self, speaker: str, name: str) -> bytes:
        """The words of that name; none where none is named.

        raises  UnsupportedType when they are not remembered
        """
        if not name:
            return b""
        with self._lock:
            words = self._words.get(speaker, b"")
        if not words or _name_of(words) != name:
            raise UnsupportedType("this node does not remember what was said last")
        return words


def _name_of(words: bytes) -> str:
    return hashlib.sha256(words).hexdigest()[:_DIGITS]

"""How a text is typed by its sound: 高龄津贴 is `gao ling jin tie` in full, and `gljt` by its initials.

The table was made at build time: which character is mostly read how, the words of our field in which one is read
otherwise (银行, 调解), and surnames (单, 仇). It covers the 20,902 characters of Unicode's first block, because
names are full of rare ones, and takes some 60 kB of memory from its first use on.

Must not know: who types it, clocks, databases.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from sync.typed import Value
from sync.values.json_text import parse_object

FIRST, LAST = "一", "龥"  # data: U+4E00 to U+9FA5
TABLE = "table.json"
_RUN = re.compile(f"[{FIRST}-{LAST}]+|[a-z0-9]+")


class Spelling(Value):
    """How a text sounds: `full`, its syllables with a space between; `initials`, the first letter of each.

    Figures and Latin letters stand as they are in both; what has no sound is left out.
    """

    full: str
    initials: str

    @property
    def joined(self) -> str:
        """The full spelling as it is typed, without spaces."""
        return self.full.replace(" ", "")


class _Table(Value):
    """The table as it is held: a number per character, 0 for none, and what the numbers mean."""

    numbers: "array[int]"
    syllables: tuple[str, ...]
    words: Mapping[str, str]
    surnames: Mapping[str, str]
    longest: int


def folded(text: str) -> str:
    """A text as it is compared: of one width, without capitals, and nothing but letters and figures.

    A ü is a v, as every input method has it.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return plain if plain.isalnum() else "".join(one for one in plain if one.isalnum())


def spellings(text: str) -> Spelling:
    """How a text of our field is typed by its sound."""
    return _spelling(_syllables(folded(text), _table()))


def name_spellings(name: str) -> Spelling:
    """How a person's name is typed by its sound: a surname is not always read as the character is."""
    table, text = _table(), folded(name)
    for length in (2, 1):
        surname = table.surnames.get(text[:length])
        if surname is not None and len(text) > length:
            return _spelling([*((one, False) for one in surname.split()), *_syllables(text[length:], table)])
    return _spelling(_syllables(text, table))


def _spelling(syllables: Iterator[tuple[str, bool]] | list[tuple[str, bool]]) -> Spelling:
    told = list(syllables)
    initials = (syllable if is_typed else syllable[0] for syllable, is_typed in told)
    return Spelling(" ".join(syllable for syllable, _ in told), "".join(initials))


def _syllables(text: str, table: _Table) -> Iterator[tuple[str, bool]]:
    """(syllable, whether it stands in the text as it is typed) of a folded text."""
    for run in _RUN.findall(text):
        if run.isascii():
            yield run, True
            continue
        at = 0
        while at < len(run):
            word = _word_at(run, at, table)
            if word:
                yield from ((syllable, False) for syllable in table.words[word].split())
            elif number := table.numbers[ord(run[at]) - ord(FIRST)]:
                yield table.syllables[number], False
            at += len(word) or 1


def _word_at(run: str, at: int, table: _Table) -> str:
    """The longest word of the table that begins there; "" for none."""
    for length in range(min(table.longest, len(run) - at), 1, -1):
        if run[at : at + length] in table.words:
            return run[at : at + length]
    return ""


@cache
def _table() -> _Table:
    whole = parse_object((files(__package__) / TABLE).read_bytes())
    numbers = array("H", bytes(2 * (ord(LAST) - ord(FIRST) + 1)))
    syllables = ("", *whole["characters"])
    for number, characters in enumerate(whole["characters"].values(), start=1):
        for character in characters:
            numbers[ord(character) - ord(FIRST)] = number
    words = whole["words"]
    return _Table(numbers, syllables, words, whole["surnames"], max(map(len, words)))

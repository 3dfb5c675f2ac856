"""What was typed in other words, in another order, or half in letters, held against what something is called.

Everyday words are seldom those of a catalogue: 八十岁补贴 is its 八十岁补助, 老人 its 老年人, 社保转移 its 转社保,
and 高龄jt is typed by whoever is quicker with letters. What counts is that all of what was typed stands in what one
thing is called, in few parts of two characters at least; so one part alone finds nothing here.

Must not know: tables, who searches, in which order what is found is shown.
"""

import re
from collections.abc import Sequence

from sync.records.readings.spelling import spellings
from sync.records.search_words import written
from sync.typed import Value

_LONGEST, _MOST_PARTS, _PART = 20, 4, 2
_MOST_WAYS = 8
_ALIKE = (("老年人", "老人", "老年"), ("补贴", "补助"))  # data: the longest first
_FIGURE = re.compile("[0-9]")
_CHINESE_FIGURES = "零一二三四五六七八九"  # data
_ASIDE = (
    "我们?|俺们?|咱们?|给|帮我?|想要?|需要|要|去|请问|咨询|怎么|怎样|如何|哪里|在哪|办理?|申请|申领|领取?|开"  # data
)
_BEFORE = re.compile(f"^(?:{_ASIDE})+")
_BEHIND = re.compile(f"(?:{_ASIDE}|手续|流程|的?事|弄|吗|呢|呀|啊|了)+$")  # data
_OF = "的"  # data
_RUN = re.compile("[a-z]+|[^a-z]+")
# Of letters that stand apart from the characters they belong to; two initials are in half of what anything is called.
_SHORTEST_INITIALS = 3
_BETWEEN = "\n"  # names; nothing that is folded has it

Named = tuple[str, str, str]  # something it is called: text, sound, initials


class Fit(Value):
    """How well something fits; parts, how many there are;  apart, whether no single name has all of them."""

    parts: int
    apart: bool


class Asked(Value):
    """What is looked for in parts.

    ways    all the ways to say it, folded
    begins, ends  of what fits at least one of either stands in what it is called
    turned  what was typed with its first character behind the rest, or its last before: where it stands so, it fits
    """

    ways: tuple[str, ...]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    turned: tuple[str, ...]

    @property
    def by_letters(self) -> bool:
        """Whether some of it was typed as letters."""
        return any(_is_spelled(run) for run in _RUN.findall(self.ways[0]))


def other_ways(text: str) -> tuple[str, ...]:
    """The other ways to say and to write a folded text: 老人补贴 as 老年补助, 2胎 as 二胎. None of most texts."""
    ways = [text]
    for alike in _ALIKE:
        pattern = "|".join(alike)
        ways += [re.sub(pattern, other, way) for way in ways if re.search(pattern, way) for other in alike]
    for way in tuple(ways):
        ways += [*written(way), _FIGURE.sub(lambda figure: _CHINESE_FIGURES[int(figure[0])], way)]
    return tuple(dict.fromkeys(way for way in ways if way != text))[:_MOST_WAYS]


def asked_in_parts(text: str) -> Asked | None:
    """What is looked for by a folded text; None where it is too short for that, or too long, or letters alone."""
    plain = _BEHIND.sub("", _BEFORE.sub("", text)).replace(_OF, "")
    if text.isascii() or not _PART < len(plain) <= _LONGEST:
        return None
    # 去世补贴 begins with no 去.
    ways = tuple(dict.fromkeys(way for said in (plain, text) for way in (said, *other_ways(said))))
    spans = [[run for run in _RUN.findall(way) if len(run) >= _PART and not run.isascii()] for way in ways]
    found = [runs for runs in spans if runs]
    if not found:
        return None
    return Asked(
        ways,
        begins=tuple(dict.fromkeys(runs[0][:_PART] for runs in found)),
        ends=tuple(dict.fromkeys(runs[-1][-_PART:] for runs in found)),
        turned=(plain[1:] + plain[0], plain[-1] + plain[:-1]),
    )


def fit_of(asked: Asked, names: Sequence[Named]) -> Fit | None:
    """How well all that was asked for stands in what something is called; None where some of it does not."""
    if any(turned in text for turned in asked.turned for text, _sound, _initials in names):
        return Fit(_PART, False)
    fits: list[Fit] = []
    for runs in map(_RUN.findall, asked.ways):
        anywhere = _parts(runs, names, apart=False)
        if not anywhere:
            continue
        together = [parts for parts in (_parts(runs, (name,), apart=False) for name in names) if parts]
        if together:
            fits.append(Fit(min(together), False))
        elif parts := _parts(runs, names, apart=True):
            fits.append(Fit(parts, True))
    within = [fit for fit in fits if fit.parts <= _MOST_PARTS]
    return min(within, key=lambda fit: (fit.parts, fit.apart), default=None)


def _parts(runs: Sequence[str], names: Sequence[Named], *, apart: bool) -> int:
    """In how many parts these stand in names; 0 where they do not."""
    told = _BETWEEN.join(text for text, _sound, _initials in names)
    found = 0
    for run in runs:
        here = int(_is_typed_in(run, names, apart=apart)) if _is_spelled(run) else _cut(run, told)
        if not here:
            return 0
        found += here
    return found


def _is_spelled(run: str) -> bool:
    return run.isascii() and run.isalpha()


def _cut(run: str, told: str) -> int:
    """The fewest parts of two characters or more that a run has in a text; 0 where it has a character over."""
    fewest = [0, *(0 for _ in run)]
    for start in range(len(run)):
        if start and not fewest[start]:
            continue
        for end in range(start + _PART, len(run) + 1):
            if run[start:end] not in told:
                break
            fewest[end] = min(fewest[end] or _LONGEST, fewest[start] + 1)
    return fewest[-1]


def _is_typed_in(letters: str, names: Sequence[Named], *, apart: bool) -> bool:
    """Whether letters are how some characters of one name are typed that stand together, or their initials."""
    if len(letters) < _PART:
        return False
    is_enough = not apart or len(letters) >= _SHORTEST_INITIALS
    return any(
        (is_enough and letters in initials) or (letters in sound and _is_heard_in(letters, text))
        for text, sound, initials in names
    )


def _is_heard_in(letters: str, text: str) -> bool:
    full = spellings(text).full.split()
    return any(_begin_so(full[at:], letters) for at in range(len(full)))


def _begin_so(syllables: Sequence[str], letters: str) -> bool:
    said = ""
    for syllable in syllables:
        said += syllable
        if said == letters:
            return True
        if not letters.startswith(said):
            return False
    return False

"""Regular expressions of `$regex`, as CouchDB runs them: over bytes, by PCRE's rules where Python's differ.

CouchDB hands text to PCRE as UTF-8 bytes, so `.` is one byte and `\\w` is ASCII; so it is here. What is
written differently is rewritten: named groups, POSIX classes, `\\z`, `\\Z`, `\\h`. What Python does not
have (`\\K`, recursion, `(*VERBS)`) is refused as a pattern that does not compile.

Nested repetitions such as `(a|aa)+$` may take longer than the sun lasts. PCRE gives up, and so must we, or
one query would stop everybody; so `regex` runs the patterns, which keeps time and lets other threads go on.

Must not know: selectors.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": "\\s", "upper": "A-Z",
    "word": "\\w", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_ESCAPES = {"\\z": r"\Z", "\\Z": r"(?=\n?\Z)", "\\h": r"[ \t]", "\\e": r"\x1b"}
_FOREIGN = re.compile(r"\\.|\(\?<(?=[A-Za-z_])|\[:(\w+):\]", re.DOTALL)
_LONGEST = 2000  # characters; a pattern is written by a person
_PATIENCE_SECONDS = 0.1  # for one text; honest patterns take microseconds


class Pattern(NamedTuple):
    """A pattern, ready to search."""

    run: Any  # a `regex.Pattern[bytes]`

    def found_in(self, text: bytes) -> bool:
        """Whether it matches somewhere; one that takes too long does not, as with PCRE."""
        try:
            return self.run.search(text, timeout=_PATIENCE_SECONDS, concurrent=True) is not None
        except TimeoutError:
            return False


def compile_pattern(pattern: str) -> Pattern | None:
    """The pattern, ready to search; None when it is not a regular expression."""
    return _remembered(pattern) if len(pattern) <= _LONGEST else None


@lru_cache(maxsize=256)
def _remembered(pattern: str) -> Pattern | None:
    import regex  # 2 MB, for the few servers that are ever asked for a pattern

    rewritten = _FOREIGN.sub(_rewritten, pattern).encode()
    try:
        re.compile(rewritten)  # what `regex` has beyond it may recurse until memory ends
        return Pattern(regex.compile(rewritten))
    except (re.error, regex.error, RecursionError, OverflowError, MemoryError):
        return None


def _rewritten(found: re.Match[str]) -> str:
    text = found.group()
    if text == "(?<":
        return "(?P<"
    if text.startswith("[:"):
        return _POSIX.get(found.group(1), text)
    return _ESCAPES.get(text, text)

"""Regular expressions of `$regex`, as CouchDB runs them: over bytes, by PCRE's rules where Python's differ.

CouchDB hands text to PCRE as UTF-8 bytes, so `.` is one byte and `\\w` is ASCII; so it is here. What is
written differently is rewritten: named groups, POSIX classes, `\\z`, `\\Z`, `\\h`. What Python does not
have (`\\K`, recursion, `(*VERBS)`) is refused as a pattern that does not compile.

Python's engine may take very long over nested repetitions such as `(a+)+$`; PCRE gives up instead.

Must not know: selectors.
"""

import re
from functools import lru_cache

_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": "\\s", "upper": "A-Z",
    "word": "\\w", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_ESCAPES = {"\\z": r"\Z", "\\Z": r"(?=\n?\Z)", "\\h": r"[ \t]", "\\e": r"\x1b"}
_FOREIGN = re.compile(r"\\.|\(\?<(?=[A-Za-z_])|\[:(\w+):\]", re.DOTALL)
_LONGEST = 2000  # characters; a pattern is written by a person


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> re.Pattern[bytes] | None:
    """The pattern, ready to search; None when it is not a regular expression."""
    if len(pattern) > _LONGEST:
        return None
    try:
        return re.compile(_FOREIGN.sub(_rewritten, pattern).encode())
    except (re.error, RecursionError, OverflowError):
        return None


def _rewritten(found: re.Match[str]) -> str:
    text = found.group()
    if text == "(?<":
        return "(?P<"
    if text.startswith("[:"):
        return _POSIX.get(found.group(1), text)
    return _ESCAPES.get(text, text)

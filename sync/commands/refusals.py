"""What of a refusal can be read at a desk: sentences for developers, and a whole class's advice, are in English alone.

Must not know: what was refused.
"""

from sync.errors import SyncError


def is_readable(sentence: str) -> bool:
    """Whether somebody at a desk can read it."""
    return any("\u4e00" <= character <= "\u9fff" for character in sentence)


def advice_behind(error: SyncError) -> str:
    """What an error advises; "" where that would be a class's own, in English, behind a reason in Chinese."""
    return error.remedy if error.reason.isascii() or not error.remedy.isascii() else ""

"""Sentences that another machine said, as they may be kept, logged and shown: one line, and not endless.

Must not know: who said it, what about.
"""

_LONGEST = 1000


def heard_text(told: str) -> str:
    """The sentence without what a terminal obeys or breaks a line of a log, and no longer than anybody reads."""
    return "".join(character if character.isprintable() else " " for character in told[:_LONGEST])

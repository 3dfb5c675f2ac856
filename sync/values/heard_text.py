"""Text that another machine said, or a stick's files are called, as it may be kept, logged and shown.

Must not know: who said it, what about.
"""

_LONGEST = 1000


def heard_text(told: str) -> str:
    """A sentence without what a terminal obeys or breaks a line of a log, and no longer than anybody reads."""
    return printable(told[:_LONGEST], instead=" ")


def printable(text: str, *, instead: str) -> str:
    """The text with something else in place of each character that is not to be printed."""
    return "".join(character if character.isprintable() else instead for character in text)

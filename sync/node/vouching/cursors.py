"""Cursors over a node's statements: `<life>:<arrival>`, so that one of another life is known for what it is.

Must not know: who keeps them, what the statements say.
"""

_LONGEST_POSITION = 15  # digits: far beyond any arrival, and within what SQLite counts


def life_of(cursor: str) -> str:
    """The life that a cursor names; "" for none."""
    return cursor.partition(":")[0]


def position_of(cursor: str, life: str) -> int:
    """How far a cursor of this life goes; 0 for one of another life, or none."""
    position = cursor.partition(":")[2]
    return int(position) if is_cursor(cursor) and life_of(cursor) == life else 0


def is_cursor(text: str) -> bool:
    """Whether this is a cursor, of whichever life."""
    life, _, position = text.partition(":")
    return bool(life) and position.isascii() and position.isdigit() and len(position) <= _LONGEST_POSITION

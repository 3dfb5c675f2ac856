"""The turns in which a page sends what stands on it, so that what comes late does not replace what was typed after it.

A page keeps what is typed while somebody types, and sends its form when it is left. What was on its way by then may
come after the form: over a weak Wi-Fi, or because it waited longer for the disk. The script of a page gives the page a
name and counts what it sends; of each page the latest that was heard stands. Pages without their script send one thing
only, and no turn.

    page  the name a page has given itself;  turn, 1 for what it sends first, 2 for the next

Must not know: steps, what else a form holds.
"""

from collections.abc import Mapping

_MOST_PAGES = 8  # remembered, those heard last: more than are open in one draft
_LONGEST_NAME = 40
_LONGEST_TURN = 9  # digits


def heard_with(form: Mapping[str, str], heard: Mapping[str, int]) -> Mapping[str, int] | None:
    """The latest turn of each page, this form's among them; None where a later one of its page was heard before."""
    page, told = form.get("page", ""), form.get("turn", "")
    is_turn = told.isascii() and told.isdigit() and len(told) <= _LONGEST_TURN
    if not 0 < len(page) <= _LONGEST_NAME or not is_turn:
        return heard
    if int(told) < heard.get(page, 0):
        return None
    others = [(name, turn) for name, turn in heard.items() if name != page]
    return dict([*others[1 - _MOST_PAGES :], (page, int(told))])

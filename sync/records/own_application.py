"""Who may not be the applicant: a child under 14 does not apply for himself, his guardian does.

A number that is not in order is said where it is checked, and nothing more of it here.

Must not know: items, where forms come from, clocks (whoever asks says what day it is).
"""

from collections.abc import Mapping
from datetime import date

from sync.errors import BadRequest
from sync.messages import _
from sync.records.applicant_paper import NUMBER, USUAL, paper_kind
from sync.records.id_papers import canonical_number, read_paper

YOUNGEST = 14
CHILD = "child_id_number"  # what forms that ask for a child and his guardian call the child's


def own_application_problems(told: Mapping[str, object], today: date) -> list[tuple[str, str]]:
    """What is wrong with whoever applies, by what a form tells: (name of the field, sentence); [] when nothing is."""
    number, child = told.get(NUMBER), told.get(CHILD)
    if not isinstance(number, str) or not number.strip():
        return []
    kind = paper_kind(told) or USUAL
    problems = []
    if _is_child(kind, number, today):
        sentence = _("A child under %(years)s cannot apply for himself: the guardian is the applicant", years=YOUNGEST)
        problems.append((NUMBER, sentence))
    if isinstance(child, str) and child.strip() and canonical_number(USUAL, child) == canonical_number(kind, number):
        problems.append(
            (CHILD, _("The child cannot be the applicant; the number of the child is that of the applicant"))
        )
    return problems


def _is_child(kind: str, number: str, today: date) -> bool:
    try:
        born = read_paper(kind, number, today=today).birth
    except BadRequest:
        return False
    return born is not None and (born.year, born.month, born.day) > (today.year - YOUNGEST, today.month, today.day)

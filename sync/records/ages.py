"""年满…周岁: whether an applicant has reached the age an item is for, and the day on which he does.

It is said and never refused: what age counts for whom is the local list's business, and who is to decide looks at it.

Must not know: who is told, clocks (whoever asks says what day it is).
"""

from collections.abc import Mapping
from datetime import date

from sync.errors import BadRequest
from sync.records.applicant_paper import NUMBER, USUAL, paper_kind
from sync.records.id_papers import read_paper
from sync.records.items import Item


def day_of_age(born: date, years: int) -> date:
    """The day on which somebody completes so many years; who was born on 29 February, on 1 March of other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def reaches_age_on(item: Item, told: Mapping[str, object], today: date) -> date | None:
    """The day on which whoever applies reaches the age an item is for; None where he has, or where no number says.

    told  {name of the form's field: value}, as it was typed or is kept
    """
    number = told.get(NUMBER)
    if not item.least_age or not isinstance(number, str) or not number.strip():
        return None
    try:
        born = read_paper(paper_kind(told) or USUAL, number, today=today).birth
    except BadRequest:
        return None  # said where it is checked
    reached = day_of_age(born, item.least_age) if born else today
    return reached if reached > today else None

"""What of a form stands on a paper, so that whoever brings the paper later is asked for it: of 银行卡 the number.

Catalogues do not say which field is read off which paper; these are the names they give both.

Must not know: cases, who asks.
"""

from collections.abc import Collection, Mapping

from sync.records.form import Field
from sync.records.items import Item

# {how the name of a paper ends: the fields that are read off it}
_ON_PAPER: Mapping[str, tuple[str, ...]] = {
    "银行卡": ("bank_card", "bank_name"),  # data
    "社会保障卡": ("bank_card", "bank_name"),  # data
    "一卡通": ("bank_card", "bank_name"),  # data
}


def fields_on(paper: str, item: Item, filled: Collection[str]) -> tuple[Field, ...]:
    """The fields of an item's form that stand on a paper and were left open.

    filled  the names of those that were not
    """
    names = next((names for ending, names in _ON_PAPER.items() if paper.endswith(ending)), ())
    return tuple(one for one in item.fields if one.name in names and one.name not in filled)

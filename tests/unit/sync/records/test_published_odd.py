"""Whatever stands in `public`, reading it as an entry gives the entry or says that it is none."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from fixtures.county import text
from sync.errors import BadRequest
from sync.records.published import read_entry, read_file
from sync.values.json_text import dump

ODD = (None, True, -1, 1 << 60, "", "x", "0001-01-01", [], {}, [[]], [{}], {"x": {}})
FILES = ("items.json", "calendar.json", "regions.json")
ENTRIES = {one.id: json.loads(one.body) for name in FILES for one in read_file(text(name)).entries}
ONE_OF_EACH = {doc_id.partition(":")[0]: doc_id for doc_id in ENTRIES}


def mutated(value: Any) -> Iterator[Any]:
    """The value with one member or row odd, or gone, at every depth."""
    if isinstance(value, dict):
        for name, member in value.items():
            rest = {other: kept for other, kept in value.items() if other != name}
            yield rest
            yield from ({**rest, name: odd} for odd in ODD)
            yield from ({**rest, name: one} for one in mutated(member))
    elif isinstance(value, list):
        for at, row in enumerate(value[:2]):
            yield from ([*value[:at], odd, *value[at + 1 :]] for odd in ODD)
            yield from ([*value[:at], one, *value[at + 1 :]] for one in mutated(row))


@pytest.mark.parametrize("doc_id", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_an_entry_that_is_odd_in_one_place_is_read_or_refused(doc_id: str) -> None:
    count = 0
    for odd in mutated(ENTRIES[doc_id]):
        count += 1
        with suppress(BadRequest):
            read_entry(doc_id, dump(odd))
    assert count > 50

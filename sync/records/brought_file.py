"""A file of the catalogue that somebody brings, held to what a machine of 1 GB and a thin link can bear.

The bounds stand at this door and not where rows are read: what was published before there were any is read as ever.
So it is with what a row may not say any more (`Reading.brought`).

Must not know: who brings it, what becomes of it.
"""

from collections.abc import Iterator, Sequence

from sync.errors import BadRequest, TooLarge
from sync.messages import _
from sync.records.published import File, read_file
from sync.records.row_reading import Fault
from sync.values.json_text import parse_object, require_few_values

_MEMBERS = ("items", "bundles", "regions")
_MOST_ROWS = 20_000  # of one kind; the largest hall in the country has some thousand items
_LONGEST_NOTICE = 500  # characters; it goes into the document of every row
_LONGEST_NAME = 200
# A document goes into one frame of an exchange, which has a megabyte; a county's places have a third of it.
_LARGEST_ENTRY_BYTES = 900_000
MOST_TOLD = 200  # faults that are told at once
_LAST = (9, 0)  # behind all rows


def read_brought(text: bytes | str) -> File:
    """`read_file`, with a sentence for whatever is more than goes.

    raises  BadRequest when there is nothing in it
    """
    too_much = tuple(Fault((0, 0), told) for told in _too_much(text.encode() if isinstance(text, str) else text))
    if too_much:
        return File((), too_much)
    file = read_file(text)
    return File(file.entries, (*file.faults, *file.brought, *_unbearable(file)), file.rows, places=file.places)


def few_of(problems: Sequence[str], most: int = MOST_TOLD) -> list[str]:
    """The first of what is wrong, and how many more there are: nobody reads ten thousand sentences."""
    more = [_("… and %(more)s more; mend these, and check again", more=len(problems) - most)]
    return [*problems[:most], *(more if len(problems) > most else ())]


def _too_much(text: bytes) -> Iterator[str]:
    """Of the file, before its rows are read: of each a document is made that holds the notice."""
    try:
        whole = parse_object(require_few_values(text))
    except TooLarge:
        yield _("The file has far more values than its length is worth")
        return
    except BadRequest:
        return  # `read_file` says so
    notice = whole.get("notice")
    if isinstance(notice, str) and len(notice) > _LONGEST_NOTICE:
        yield _("notice has at most %(most)s characters", most=_LONGEST_NOTICE)
    for member in _MEMBERS:
        rows = whole.get(member)
        if isinstance(rows, list) and len(rows) > _MOST_ROWS:
            told = {"member": member, "rows": len(rows), "most": _MOST_ROWS}
            yield _("%(member)s has %(rows)s rows, %(most)s are taken at the most", **told)


def _unbearable(file: File) -> Iterator[Fault]:
    for reading in file.rows.values():
        name = reading.row.get("name")
        if isinstance(name, str) and (len(name) > _LONGEST_NAME or not name.isprintable()):
            yield reading.fault(
                "name", _("write one line of text of at most %(most)s characters", most=_LONGEST_NAME), name
            )
    for entry in file.entries:
        if len(entry.body) > _LARGEST_ENTRY_BYTES:
            sizes = {"size": len(entry.body), "most": _LARGEST_ENTRY_BYTES}
            told = _("%(size)s bytes, with more than %(most)s it would reach no station: shorten its texts", **sizes)
            row = file.rows.get(entry.id)
            yield row.fault("", told) if row else Fault(_LAST, f"{entry.name}: {told}")

"""少报: papers that need not be handed in, because this station has them from an earlier case of the same person.

A paper counts where authorities issue it (政府部门核发): an application or a promise is made anew each time. It counts
by its photos, so far back and no farther; and only from the case it was handed in for, so that passing it on from case
to case makes it no younger.

Must not know: who applies for what.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sync.blobs.reading import was_once_whole
from sync.node.lists.case_index import blobs_in
from sync.node.node import Node
from sync.people.whose_cases import case_ids_of
from sync.records.clock import beijing
from sync.records.ids import blobs_database, sid_of, station_database
from sync.records.items import Item, Source
from sync.records.log import Record, record_from_document
from sync.store.transaction import Reader
from sync.typed import Value
from sync.values.documents import Document, Wanted

MOST_DAYS = 366  # twelve months; the default, to be set
_MOST_CASES = 50
# What was never to be, and what its citizen took back.
_NOT_FROM = ("void", "withdrawn")


class OnFile(Value):
    """A paper on file.

    case_id     the case it was handed in for, with its receipt number and time
    handed_at   as records write times
    photos      as that case names them: {"blob", "type", "size"}
    """

    case_id: str
    receipt_number: str
    handed_at: str
    photos: tuple[Mapping[str, Any], ...]


def materials_on_file(node: Node, person_id: str, item: Item, *, most_days: int = MOST_DAYS) -> dict[str, OnFile]:
    """Which papers of an item are on file for a person: {name of the paper: where it is}, of each the newest.

    most_days  how old one may be; 0 for none at all
    raises     NotFound
    """
    wanted = {paper.name for paper in item.materials if paper.source is Source.GOVERNMENT}
    if not wanted or most_days <= 0:
        return {}
    since = beijing(node.clock()) - timedelta(days=most_days)
    found: dict[str, OnFile] = {}
    for case in node.read(lambda reader: _cases(reader, node, person_id)):
        handed_at = str(case.fields.get("received_at", ""))
        if case.status in _NOT_FROM or handed_at < since.isoformat(timespec="seconds"):
            continue
        for paper in _papers(case):
            name = paper.get("name")
            if name in wanted and name not in found and _is_whole(node, paper):
                found[name] = OnFile(
                    case.id,
                    str(case.fields.get("receipt_number", "")),
                    handed_at,
                    tuple(blobs_in(paper)),
                )
    return found


def _cases(reader: Reader, node: Node, person_id: str) -> Sequence[Record]:
    """The person's cases at this station, the newest receipt first."""
    own = node.identity.sid
    ids = [one for one in case_ids_of(reader, node, person_id, limit=_MOST_CASES) if sid_of(one) == own]
    if not ids:
        return ()
    found = node.documents.database(station_database(own)).read_in(reader, [Wanted(one) for one in ids])
    return [record_from_document(one) for one in found if isinstance(one, Document) and not one.deleted]


def _papers(case: Record) -> Iterator[Mapping[str, Any]]:
    papers = case.fields.get("materials")
    for paper in papers if isinstance(papers, list) else ():
        if isinstance(paper, dict) and not paper.get("on_file"):
            yield paper


def _is_whole(node: Node, paper: Mapping[str, Any]) -> bool:
    database = node.documents.database(blobs_database(node.identity.sid))
    roots = [photo["blob"] for photo in blobs_in(paper)]
    return bool(roots) and all(was_once_whole(database, root) for root in roots)

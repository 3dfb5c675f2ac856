"""The list of bags a node knows, and where the papers of each case are: derived from the 材料交接单 and nothing else.

Written in the transaction that writes the record, or as it arrives; may be dropped and built anew.

Must not know: who packs, who takes.
"""

from sync.records.ids import parse_record_id
from sync.records.log import Record
from sync.store.ledger.bags import Bag, BagPaper, put_bag
from sync.store.transaction import Transaction

HANDOVER = "handover"


def index_handover(tx: Transaction, record: Record, *, sid: str) -> None:
    """Put a bag into the list as it stands now."""
    fields = record.fields
    listed, lacking = fields.get("papers", ()), fields.get("missing", ())
    missing = frozenset(lacking) if isinstance(lacking, list) else frozenset()
    papers = []
    for place, paper in enumerate(listed if isinstance(listed, list) else (), start=1):
        of = parse_record_id(str(paper.get("case", ""))) if isinstance(paper, dict) else None
        # A list says something about its own station's cases, and about nobody else's.
        if of is not None and of.sid == sid:
            papers.append(BagPaper(place, str(of), str(paper.get("material", "")), place in missing))
    bag = Bag(
        record.id,
        sid,
        str(fields.get("bag_number", "")),
        record.events[0].at,
        record.status,
        len(papers),
        sum(one.missing for one in papers),
    )
    put_bag(tx, bag, papers)

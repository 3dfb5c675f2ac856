"""What stations do, and what goes between them and the centre, without a network between."""

import secrets
from typing import Any

from sync.blobs.storing import store_bytes
from sync.custody.taking import take
from sync.node.acts.recording import Act, record
from sync.node.lists.tending import tend
from sync.node.node import Node
from sync.node.sharing import held_stations, home_databases
from sync.node.vouching.holding import account_for
from sync.node.vouching.statements import own_of
from sync.records.clock import Quality, time_text
from sync.store.transaction import Transaction
from sync.values.changes import START
from sync.values.documents import Document, Wanted
from tests.statements import all_statements

JPEG = b"\xff\xd8\xff\xe0" + b"a photo of nothing " * 2000 + b"\xff\xd9"
ID_NUMBER = "990281194103150021"


def take_in(station: Node, *, photo: bytes = b"", **fields: Any) -> str:
    """An application is taken at a station; returns the case's id."""
    sid = station.identity.sid
    doc_id = f"case:{sid}-{secrets.token_hex(8)}"
    blobs = station.documents.database(f"blobs_{sid}")
    told: dict[str, Any] = {
        "receipt_number": doc_id[-8:],
        "received_at": time_text(station.clock()),
        "item": "QX-MZ-0024",
        "item_name": "高龄津贴",
        "applicant_name": "王秀兰",
        "id_number": ID_NUMBER,
        "village_role": "受",
        "deciding_level": "county",
        **fields,
    }

    def work(tx: Transaction) -> Document:
        if photo:
            blob = store_bytes(lambda documents: blobs.graft_in(tx, documents), photo, media_type="image/jpeg")
            told["materials"] = [{"name": "身份证", "photos": [blob.reference()]}]
        act = Act(doc_id, "received", told, "acct:wang", station.clock(), Quality.CONFIRMED)
        return record(tx, station.documents, station.identity, act)

    return station.write(work).id


def tell(station: Node, centre: Node) -> None:
    """The centre hears what a station has signed: certificates, seals, receipts."""
    account_for(station, [station.identity.sid])
    signed = station.read(all_statements)
    own, key = own_of(centre.identity), centre.identity.keys.public
    centre.write(lambda tx: take(tx, own, signed, centre_key=key, now_ms=centre.clock()))


def carry(station: Node, centre: Node, kinds: tuple[str, ...] = ("station", "blobs")) -> None:
    """A station's documents arrive at the centre, which takes note of them."""
    for name in home_databases([station.identity.sid]):
        if name.partition("_")[0] not in kinds:
            continue
        source = station.documents.database(name)
        wanted = [Wanted(change.id, ()) for change in source.changes(START).results]
        found = [one for one in source.read(wanted) if isinstance(one, Document)]
        assert not [one.error for one in centre.documents.database(name).graft(found) if one.error]
    tend(centre, held_stations(centre))
    account_for(centre, held_stations(centre))

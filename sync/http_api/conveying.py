"""One database carried one way by frames, between two Yizhan servers: `POST /{db}/_exchange`.

CouchDB has nothing of the kind; who asks it is answered 404 or 405, and goes by CouchDB's protocol.

Must not know: how documents are kept.
"""

from sync.http_api.answers import Answer
from sync.http_api.bodies import packed_pieces
from sync.http_api.call import Call
from sync.replication.settling import settle
from sync.wire.conversation import Kind, nothing_held, read_items, read_opening, write_conversation
from sync.wire.conveyance import read_proposal, write_settlement
from sync.wire.packing import EVEN
from sync.wire.stream import CONTENT_TYPE, dictionary_of, frames_of, gathered, packed


def exchange(call: Call, db: str) -> Answer:
    """`POST /{db}/_exchange`: frames of `sync.wire.conversation`, opened by a proposal, answered by a settlement"""
    database = call.database(db)
    dictionary = dictionary_of(call.headers.get("Content-Type", ""))
    frames = frames_of(packed_pieces(call.request), dictionary)
    proposal = read_proposal(read_opening(frames, Kind.OFFER))
    settled, items = settle(database, proposal, read_items(frames, nothing_held, spend=frames.spend))
    said = write_conversation(Kind.ANSWER, write_settlement(settled), items)
    return Answer(gathered(packed(said, dictionary, effort=EVEN)), 200, {"Content-Type": CONTENT_TYPE})

"""A data directory becomes a station: key, place, upstream, and with an enrolment code its receipt numbers.

Must not know: how the code was brought here.
"""

from pathlib import Path

from edge_node.errors import NotAStation
from edge_node.messages import _
from edge_node.services.change_upstream import upstream_address
from sync.casework.confirm_clock import begin_clock
from sync.errors import BadRequest
from sync.node.identity import CENTRE, describe
from sync.node.meeting.enrolment import enter_code
from sync.node.meeting.enrolment_code import parse_code
from sync.node.node import Clock, Node, system_clock
from sync.outbox.address import CouchAddress
from sync.records.regions import Level, parse_region
from sync.store.key_folder import KeyFolder
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction

_OURS = (Level.TOWNSHIP, Level.VILLAGE)
LONGEST_NAME = 60


def found_station(
    directory: Path,
    *,
    name: str,
    region: str,
    upstream: str,
    code: str = "",
    clock: Clock = system_clock,
    couch: CouchAddress | None = None,
    keys: KeyFolder | None = None,
    allow_plain_upstream: bool = False,
) -> Node:
    """Make a new station and open it.

    region   twelve digits of a township or village
    code     an enrolment code; "" to enter it later
    couch    the CouchDB that is to keep its documents; None for the directory
    keys     where the key is put that the directory is encrypted with; None: it stays in the clear
    allow_plain_upstream  whether the address may be http:// on another machine
    raises   FileExists when the directory is a node already; BadRequest on a name, region, address or code
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadRequest(_("The name of a station has 1 to %(most)s characters", most=LONGEST_NAME))
    if parse_region(region).level not in _OURS:
        raise BadRequest(_("A station belongs to a township or village, check the 12 figures of the region code"))
    address = upstream_address(upstream, allow_plain=allow_plain_upstream)
    if code:
        parse_code(code)  # a slip shows before anything is made

    def told(tx: Transaction) -> None:
        describe(tx, name=name, region=region, upstream=address)
        begin_clock(tx, clock())
        append_entry(tx, Entry(clock(), "acct:*", "founded", region))

    node = Node.found(directory, told, clock=clock, couch=couch, keys=keys)
    try:
        if code:
            enter_code(node, code)
        return node
    except BaseException:
        node.close()
        raise


def open_station(directory: Path, *, couch: CouchAddress | None = None, keys: KeyFolder | None = None) -> Node:
    """Own a station's data directory; takes and raises what `Node.open` does, and NotAStation for a centre's."""
    node = Node.open(directory, couch=couch, keys=keys)
    if node.identity.level == CENTRE:
        node.close()
        raise NotAStation(directory)
    return node

"""A data directory becomes a centre, and is opened as one.

Must not know: the command line.
"""

from pathlib import Path

from central.errors import NotACentre
from central.messages import _
from central.registry.certifying import certify_self
from central.registry.enrolling import LONGEST_NAME
from sync.casework.confirm_clock import begin_clock
from sync.errors import BadRequest
from sync.node.identity import CENTRE, describe_centre, read_identity
from sync.node.node import Clock, Node, system_clock
from sync.outbox.address import CouchAddress
from sync.records.regions import Level, parse_region
from sync.store.key_folder import KeyFolder
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction


def found_centre(
    directory: Path,
    *,
    name: str,
    region: str,
    clock: Clock = system_clock,
    couch: CouchAddress | None = None,
    keys: KeyFolder | None = None,
) -> Node:
    """Make a new centre, certified by itself, and open it.

    region  twelve digits of a county, or of what lies above one
    couch   the CouchDB that is to keep its documents; None for the directory
    keys    where the key is put that the directory is encrypted with; None: it stays in the clear
    raises  FileExists when the directory is a node already; BadRequest on name or region
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadRequest(_("The name of the centre has 1 to %(most)s characters", most=LONGEST_NAME))
    if parse_region(region).level > Level.COUNTY:
        raise BadRequest(_("A centre belongs to a county or above, check the 12 figures of the region code"))

    def told(tx: Transaction) -> None:
        describe_centre(tx, name=name, region=region)
        begin_clock(tx, clock())
        certify_self(tx, read_identity(tx), now_ms=clock())
        append_entry(tx, Entry(clock(), "job:command", "founded", region))

    return Node.found(directory, told, clock=clock, couch=couch, keys=keys)


def open_centre(
    directory: Path,
    *,
    clock: Clock = system_clock,
    couch: CouchAddress | None = None,
    keys: KeyFolder | None = None,
) -> Node:
    """Own a centre's data directory.

    couch   where its documents are; None for the directory
    keys    where the key of an encrypted directory is
    raises  NotFound when it was never initialised, StoreLocked when another process owns it, KeyMissing, NotACentre,
            Forbidden when its documents are not where `couch` says
    """
    node = Node.open(directory, clock=clock, couch=couch, keys=keys)
    if node.identity.level != CENTRE:
        node.close()
        raise NotACentre(directory)
    return node

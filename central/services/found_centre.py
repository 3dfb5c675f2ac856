"""A data directory becomes a centre, and is opened as one.

Must not know: the command line.
"""

from pathlib import Path

from central.registry.certifying import certify_self
from central.registry.enrolling import LONGEST_NAME
from sync.casework.confirm_clock import begin_clock
from sync.errors import BadRequest, Forbidden
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
        raise BadRequest(f"中心名称应为 1 到 {LONGEST_NAME} 个字")
    if parse_region(region).level > Level.COUNTY:
        raise BadRequest("中心应设在县级或以上，请核对 12 位区划代码")

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
    raises  NotFound when it was never initialised, StoreLocked when another process owns it, KeyMissing, Forbidden
            when it is a station's, or its documents are not where `couch` says
    """
    node = Node.open(directory, clock=clock, couch=couch, keys=keys)
    if node.identity.level != CENTRE:
        node.close()
        raise Forbidden(
            f"{directory} 是站点的数据目录，不是中心的", remedy="请用 yizhan edge 管理它，或指定中心的目录。"
        )
    return node

"""Who a node is: station, place, level, key and life.

A node knows its station id from its enrolment code, long before it is certified, so that it can
take applications with no network. How high it stands follows from its region code; that it may
speak for the station follows from the centre's certificate, which others check.

Must not know: how it was enrolled, what it does.
"""

from sync.errors import NotFound
from sync.messages import _
from sync.records.regions import Level, parse_region
from sync.store.ledger.lives import current_life, node_key
from sync.store.ledger.numbers import device_in_use
from sync.store.ledger.settings import all_settings, put_settings
from sync.store.transaction import Reader, Transaction
from sync.trust.keys import KeyPair
from sync.typed import Value

CENTRE = "centre"
CENTRE_SID = "centre"
_LEVELS = {Level.VILLAGE: "village", Level.TOWNSHIP: "township", Level.COUNTY: "county"}


class Identity(Value):
    """One node in one life.

    sid        the station's id; "" until an enrolment code was entered
    level      `village`, `township`, `county` or `centre`, as events name it
    device     the device code of this life's receipt numbers; None until it was given one
    upstream   URL of the next node on the way to the centre; "" for the centre
    certified  whether the centre has certified this key for this station
    """

    sid: str
    name: str
    region: str
    level: str
    keys: KeyPair
    life: str
    device: str | None
    upstream: str
    certified: bool

    @property
    def writer(self) -> str:
        """The id under which this node writes events and signs."""
        return self.keys.writer


def read_identity(reader: Reader) -> Identity:
    """Who we are; raises NotFound in a directory that was never initialised."""
    told = all_settings(reader)
    if "node.region" not in told:
        raise NotFound(_("This data directory is not initialised yet"), remedy=_("First run init."))
    return Identity(
        sid=told.get("node.sid", ""),
        name=told["node.name"],
        region=told["node.region"],
        level=told["node.level"],
        keys=node_key(reader),
        life=current_life(reader).life,
        device=device_in_use(reader),
        upstream=told.get("node.upstream", ""),
        certified=told.get("node.certified") == "yes",
    )


def describe(tx: Transaction, *, name: str, region: str, upstream: str) -> None:
    """Keep what a station is told about itself at `init`; raises BadRequest on an unlawful region code."""
    level = _LEVELS.get(parse_region(region).level, "county")
    _keep(tx, name=name, region=region, level=level, upstream=upstream)


def describe_centre(tx: Transaction, *, name: str, region: str) -> None:
    """Keep what a centre is told about itself at `init`; it certifies itself."""
    parse_region(region)
    _keep(tx, name=name, region=region, level=CENTRE, upstream="", sid=CENTRE_SID, certified="yes")


def take_sid(tx: Transaction, sid: str) -> None:
    """Keep the station id that an enrolment code named."""
    _keep(tx, sid=sid)


def take_upstream(tx: Transaction, url: str) -> None:
    """Keep another address of the node above."""
    _keep(tx, upstream=url)


def note_certified(tx: Transaction) -> None:
    """The centre has certified this key."""
    _keep(tx, certified="yes")


def _keep(tx: Transaction, **values: str) -> None:
    put_settings(tx, {f"node.{name}": value for name, value in values.items()})

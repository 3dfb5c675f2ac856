"""The node above moves, or is reached by another road: its address changes, and nothing else.

Whoever answers there must be a node above us all the same (`sync.node.meeting.recognising`).

Must not know: who asked for it.
"""

from urllib.parse import urlsplit

from edge_node.messages import _
from edge_node.services.synchronise import Courier
from sync.errors import BadRequest
from sync.node.identity import take_upstream
from sync.node.node import Node
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Transaction
from sync.values.addresses import is_loopback


def change_upstream(node: Node, courier: Courier, url: str, *, allow_plain: bool) -> str:
    """Call the node above at another address from now on; a run under way is cut off. Returns it as it is kept.

    raises  BadRequest on an address that is none, or one in the clear on another machine where that is not allowed
    """
    address = upstream_address(url, allow_plain=allow_plain)

    def work(tx: Transaction) -> None:
        take_upstream(tx, address)
        append_entry(tx, Entry(node.clock(), "acct:*", "upstream_changed", address))

    node.rewrite_identity(work)
    courier.begin_anew()
    return address


def upstream_address(url: str, *, allow_plain: bool) -> str:
    """An address of a node above, as it is kept; raises BadRequest, in words for the one who typed it."""
    try:
        parts = urlsplit(url)
        lawful = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and url.isprintable()
    except ValueError:
        lawful = False
    if not lawful or url != url.strip() or parts.query or parts.fragment:
        raise BadRequest(_("The address above has to look like http://host:port or https://host:port"))
    if parts.username is not None:
        raise BadRequest(_("The address above has no account and password: nodes know each other by signatures"))
    if parts.scheme == "http" and not (allow_plain or is_loopback(parts.hostname or "")):
        raise BadRequest(
            _(
                "The level above is on another machine, so its address has to begin with https://: in the clear "
                "the data could be read on the network"
            )
        )
    return url.rstrip("/")

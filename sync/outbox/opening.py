"""Settling where a data directory's documents are: decided once, when it is made, and never guessed later.

A directory whose documents are on a CouchDB, opened as if they were in its file, would look empty and take
in its own records a second time; so the ledger remembers, and another setting is refused.

Must not know: settings, stations.
"""

import secrets

from sync.errors import Forbidden
from sync.messages import _
from sync.outbox.address import CouchAddress
from sync.store.documents import Documents
from sync.store.engine import Engine
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Transaction

_OWNER, _ADDRESS = "documents.owner", "documents.address"


def require_usable(address: CouchAddress, *, first_database: str) -> None:
    """Before a node is made: there is a CouchDB, it lets us in, and nobody's databases are in our way.

    raises  LinkDown, Unauthorized, Forbidden in words for whoever sets it up
    """
    from sync.outbox.administration import Administration

    administration = Administration(address)
    administration.check()
    administration.require_free(first_database)


def settle_elsewhere(tx: Transaction, address: CouchAddress) -> None:
    """Note, in the transaction that makes a node, that its documents are elsewhere."""
    put_settings(tx, {_OWNER: secrets.token_hex(16), _ADDRESS: address.shown})


def open_documents(engine: Engine, address: CouchAddress | None) -> Documents:
    """The documents of a directory: in its file, or on a CouchDB that need not answer yet.

    raises  Forbidden when the directory was made for the other
    """
    owner, known = engine.read(lambda reader: (setting(reader, _OWNER), setting(reader, _ADDRESS)))
    if address is None and owner is None:
        return engine
    if address is None:
        raise Forbidden(
            _(
                "The documents of %(directory)s are kept in a CouchDB (%(address)s)",
                directory=engine.directory,
                address=known,
            ),
            remedy=_("Set YIZHAN_COUCHDB_URL and run it again."),
        )
    if owner is None:
        raise Forbidden(
            _(
                "The documents of %(directory)s are kept in a file of this machine and cannot be kept in a CouchDB now",
                directory=engine.directory,
            ),
            remedy=_(
                "Take YIZHAN_COUCHDB_URL away; to use a CouchDB, make another node, which gets its data from above."
            ),
        )
    # Here and not above: a node with its documents in its own file never loads the CouchDB client (1 MB).
    from sync.outbox.outbox import Outbox

    if known != address.shown:
        # The CouchDB was moved; whether it is the same one shows by the mark in its databases.
        engine.write(lambda tx: put_settings(tx, {_ADDRESS: address.shown}))
    return Outbox(engine, address, owner)

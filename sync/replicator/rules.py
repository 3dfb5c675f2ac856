"""What may be written into a `_replicator` database: documents that can be jobs, with the name of who wrote them.

A job runs with the server's own rights on every database here, so administrators alone write them,
whoever may read the database. What one of them copies there by replication is taken as it is, as in
CouchDB; a document that cannot be a job is then told so in itself.

source  CouchDB, `couch_replicator_docs:before_doc_update/3`

Must not know: requests, jobs.
"""

from collections.abc import Sequence

from sync.database import Database
from sync.errors import Forbidden, Refused
from sync.replicator.documents import FAILED, STATE, is_replicator
from sync.replicator.specification import read_specification
from sync.typed import replace
from sync.users.caller import Caller
from sync.users.governed import Offered, Rules, not_an_admin
from sync.values.documents import Edit
from sync.values.json_text import dump, parse_object
from sync.wire.names import DESIGN

_OWNER = "owner"


def rules_of_jobs(name: str, caller: Caller) -> Rules | None:
    """The rules for the database of that name; None when documents there are no jobs."""
    return JobsRules(caller) if is_replicator(name) else None


class JobsRules:
    """Documents of jobs can be jobs, and say whose they are."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def judge(self, database: Database, offered: Sequence[Offered]) -> list[Offered | Refused]:
        """Check edits, and write the owner into them."""
        if not self._caller.is_admin:
            return [not_an_admin(self._caller) for _ in offered]
        return [self._judged(each) for each in offered]

    def _judged(self, offered: Offered) -> Offered | Refused:
        if not isinstance(offered, Edit) or offered.deleted or offered.id.startswith(DESIGN):
            return offered
        fields = parse_object(offered.body)
        if fields.get(STATE) != FAILED:
            try:
                read_specification(fields)
            except Refused as error:
                return Forbidden(error.reason)
        if fields.get(_OWNER) is not None or self._caller.name is None:
            return offered
        return replace(offered, body=dump({**fields, _OWNER: self._caller.name}))

"""Who is asking: CouchDB's `userCtx`.

Must not know: how callers are told apart.
"""

from sync.typed import Value

# The one role nobody can be given by a document: the administrators named where the server is started.
ADMIN_ROLE = "_admin"


class Caller(Value):
    """Who is asking; `name` is None for a stranger.

    by  how the caller was recognised, in CouchDB's word: `cookie` or `default`
    """

    name: str | None = None
    roles: tuple[str, ...] = ()
    by: str = "default"

    @property
    def is_admin(self) -> bool:
        """Whether the whole server is this caller's."""
        return ADMIN_ROLE in self.roles


STRANGER = Caller()

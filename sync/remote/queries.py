"""`_find` as a client asks and reads it.

Must not know: sockets, selectors.
"""

from typing import Any

from sync.errors import BadRequest, ProtocolError
from sync.mango.asking import write_query
from sync.values.json_text import dump, parse_object
from sync.values.queries import Examined, Found, Query

_KEPT_FOR_DIAGNOSIS = 1000


def query_text(query: Query) -> bytes:
    """The body of a request."""
    return dump(write_query(query))


def read_found(text: bytes) -> Found:
    """Read an answer of `_find`; raises ProtocolError."""
    try:
        answer = parse_object(text)
        return Found(
            documents=tuple(dump(document) for document in answer["docs"]),
            bookmark=answer.get("bookmark"),
            warning=answer.get("warning") or "",
            examined=_examined(answer.get("execution_stats") or {}),
        )
    except (BadRequest, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"not an answer of _find: {error}", answer=text[:_KEPT_FOR_DIAGNOSIS]) from None


def _examined(stats: dict[str, Any]) -> Examined:
    documents = stats.get("total_docs_examined", 0) + stats.get("total_quorum_docs_examined", 0)
    return Examined(stats.get("total_keys_examined", 0), documents, stats.get("execution_time_ms", 0.0))

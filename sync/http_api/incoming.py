"""A document as it arrives in the body of a request: JSON, or JSON with its attachments behind it.

Must not know: databases.
"""

from typing import Any

from sync.http_api.call import Call
from sync.wire.multipart import RELATED, read_related


def sent_document(call: Call) -> tuple[Any, dict[str, bytes]]:
    """The JSON value, and the contents that follow it by attachment name; raises BadRequest."""
    if call.content_type() == RELATED:
        return read_related(call.read_body(), call.headers.get("Content-Type", ""))
    return call.any_json(), {}

"""The digest of a revision the store chooses itself: same edit on the same parent, same revision, on every store.

Two replicas that make the same change apart so end with one revision and no conflict. What the
digest is made from carries a version; a changed rule is a new clause and never an edited one.

Must not know: trees, databases, who tells it to whom.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sync.revisions.revision import Revision
from sync.values.documents import Attachment
from sync.values.json_text import dump, dump_sorted, parse_object

_DIGEST_BYTES = 16  # 32 hex characters, as CouchDB's


def revision_digest(
    parent: Revision | None,
    body: bytes,
    *,
    deleted: bool,
    attachments: Iterable[Attachment] = (),
    fields: Mapping[str, Any] | None = None,
) -> str:
    """Digest an edit.

    attachments  resolved: a stub carries the digest of what it stands for
    fields       what the body says, from who has just read it
    returns      32 hex characters
    raises       BadRequest when the body is not a JSON object
    """
    said = parse_object(body) if fields is None else fields
    return _digest_1(parent, said, deleted=deleted, attachments=attachments)


def _digest_1(
    parent: Revision | None, fields: Mapping[str, Any], *, deleted: bool, attachments: Iterable[Attachment]
) -> str:
    files = sorted((file.name, file.content_type, file.digest) for file in attachments)
    frame = dump(["yizhan-revision-1", str(parent) if parent else None, deleted, files])
    text = frame + b"\n" + dump_sorted(fields)
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).hexdigest()

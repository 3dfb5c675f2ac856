"""The digest of an edit is the same everywhere and for ever; a changed rule must be a new version."""

import pytest

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.values.digest import revision_digest
from sync.values.documents import Attachment

FILE = Attachment("scan", "image/jpeg", "md5-abc", 3, 1)
OTHER = Attachment("photo", "image/png", "md5-def", 3, 1)
PARENT = Revision(1, "a" * 32)


@pytest.mark.parametrize(
    ("parent", "body", "deleted", "files", "digest"),
    [
        (None, b"{}", False, [], "acf4da61521c85a0d0266af499d71678"),
        (PARENT, '{"名":"王","n":[1,2.5,null]}'.encode(), False, [FILE], "fd4a96559753646aece20942870a531f"),
        (PARENT, b"{}", True, [], "2915c2971a8f3a6e243d6d6748622072"),
    ],
)
def test_a_digest_once_given_is_given_for_ever(parent, body, deleted, files, digest):
    assert revision_digest(parent, body, deleted=deleted, attachments=files) == digest


def test_members_spacing_and_order_of_files_do_not_matter():
    spaced = revision_digest(PARENT, b'{ "b": [1, 2],  "a": 1 }', deleted=False, attachments=[OTHER, FILE])
    assert spaced == revision_digest(PARENT, b'{"a":1,"b":[1,2]}', deleted=False, attachments=[FILE, OTHER])


def test_everything_else_does():
    kinds = {
        revision_digest(None, b"{}", deleted=False),
        revision_digest(PARENT, b"{}", deleted=False),
        revision_digest(Revision(2, "a" * 32), b"{}", deleted=False),
        revision_digest(PARENT, b"{}", deleted=True),
        revision_digest(PARENT, b'{"a":1}', deleted=False),
        revision_digest(PARENT, b'{"a":"1"}', deleted=False),
        revision_digest(PARENT, b'{"a":[1,2]}', deleted=False),
        revision_digest(PARENT, b'{"a":[2,1]}', deleted=False),
        revision_digest(PARENT, b"{}", deleted=False, attachments=[FILE]),
        revision_digest(PARENT, b"{}", deleted=False, attachments=[OTHER]),
    }
    assert len(kinds) == 10


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"a":"\xff"}', b"[" * 5000])
def test_what_is_no_object_has_no_digest(body):
    with pytest.raises(BadRequest):
        revision_digest(None, body, deleted=False)

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.documents import Attachment, Document, Edit, LocalDocument
from sync.values.json_text import parse
from sync.wire.arriving import digest_of
from sync.wire.attachments import attachment
from sync.wire.documents import read_edit, read_replica, splice, write_document, write_edit, write_local
from sync.wire.problems import IllegalDocId, InvalidDocument

plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
bodies = st.dictionaries(st.text().filter(lambda name: not name.startswith("_")), plain_values, max_size=4)
digests = st.text("0123456789abcdef", min_size=1, max_size=32)
paths = st.lists(digests, min_size=1, max_size=5, unique=True).flatmap(
    lambda ids: st.builds(Branch, st.integers(len(ids), 10**6), st.just(tuple(ids)), st.booleans())
)
names = st.text(min_size=1).filter(lambda name: not name.startswith("_"))
files = st.builds(
    lambda name, data, generation: attachment(name, "text/plain", data, generation=generation),
    names,
    st.binary(max_size=50),
    st.integers(1, 9),
)
file_sets = st.lists(files, max_size=3, unique_by=lambda file: file.name).map(tuple)


@given(doc_id=names, path=paths, body=bodies, attached=file_sets)
def test_a_document_written_with_its_revisions_is_read_back_equal(doc_id, path, body, attached) -> None:
    document = Document(doc_id, path, orjson.dumps(body), attached)
    told = orjson.loads(write_document(document, revisions=True))
    assert read_replica(told) == document


@given(doc_id=names, parent=st.none() | st.just(Revision(3, "ab")), body=bodies, deleted=st.booleans())
def test_an_edit_written_is_read_back_equal(doc_id, parent, body, deleted) -> None:
    edit = Edit(doc_id, parent, orjson.dumps(body), deleted)
    assert read_edit(orjson.loads(write_edit(edit))) == edit


def test_a_body_is_spliced_and_never_serialised_anew() -> None:
    body = b'{ "z" : 1.50, "a":[ 1 ] }'
    document = Document("x", Branch(1, ("aa",)), body)
    assert write_document(document) == b'{"_id":"x","_rev":"1-aa","z" : 1.50, "a":[ 1 ] }'


@pytest.mark.parametrize("body", [b"{}", b"{ }", b"\n{\n}\n"])
def test_an_empty_body_leaves_no_comma_behind(body: bytes) -> None:
    assert orjson.loads(splice({"_id": "x"}, body)) == {"_id": "x"}


def test_stubs_keep_what_they_say_of_the_content() -> None:
    stub = Attachment("a.jpg", "image/jpeg", digest_of(b"photo"), 5, 2)
    document = Document("x", Branch(3, ("cc", "bb", "aa")), b'{"n":1}', (stub,))
    assert read_replica(orjson.loads(write_document(document, revisions=True))) == document


@pytest.mark.parametrize("data", ["aGVsbG8=", "aGVs\nbG8=\n", "aGVs\r\nbG8=", " aGVs\tbG8= "])
def test_a_content_in_base64_may_come_in_lines_as_in_mail(data: str) -> None:
    (file,) = read_edit({"_id": "x", "_attachments": {"a": {"data": data}}}).attachments
    assert (file.data, file.length) == (b"hello", 5)


def test_what_couchdb_adds_on_request_may_be_sent_back() -> None:
    edit = read_edit(
        {"_id": "x", "_conflicts": ["1-a"], "_revs_info": [], "_local_seq": 3, "_deleted_conflicts": [], "n": 1}
    )
    assert edit == Edit("x", None, b'{"n":1}')


def test_the_address_counts_more_than_the_body() -> None:
    edit = read_edit({"_id": "other", "_rev": "1-a"}, doc_id="x", parent=Revision(2, "b"))
    assert (edit.id, edit.parent) == ("x", Revision(2, "b"))


def test_what_a_replicator_writes_into_its_documents_belongs_to_the_body() -> None:
    told = {"_replication_state": "completed", "_replication_stats": {"docs_read": 1}, "source": "a"}
    edit = read_edit({"_id": "x", **told})
    assert parse(edit.body) == told
    assert parse(write_edit(edit)) == {"_id": "x", **told}


@pytest.mark.parametrize(
    ("fields", "kind", "reason"),
    [
        ([], BadRequest, "Document must be a JSON object"),
        ("text", BadRequest, "Document must be a JSON object"),
        (None, BadRequest, "Document must be a JSON object"),
        ({}, IllegalDocId, "Document id must be a string"),
        ({"_id": 1}, IllegalDocId, "Document id must be a string"),
        ({"_id": "x", "_foo": 1}, InvalidDocument, "Bad special document member: _foo"),
        ({"_id": "x", "_rev": "nonsense"}, BadRequest, "Invalid rev format"),
        ({"_id": "x", "_rev": 5}, BadRequest, "Invalid rev format"),
        ({"_id": "x", "_deleted": "yes"}, InvalidDocument, "Bad special document member: _deleted"),
        ({"_id": "x", "_attachments": []}, InvalidDocument, "Bad special document member: _attachments"),
        ({"_id": "x", "_attachments": {"a": 1}}, InvalidDocument, "Attachment 'a' must be an object"),
        ({"_id": "x", "_attachments": {"a": {}}}, BadRequest, "Invalid attachment data for a"),
        ({"_id": "x", "_attachments": {"a": {"data": "*"}}}, BadRequest, "Invalid attachment data for a"),
        ({"_id": "x", "_attachments": {"a": {"data": "QUJD="}}}, BadRequest, "Invalid attachment data for a"),
        ({"_id": "x", "_attachments": {"a": {"data": "QU\nJD===="}}}, BadRequest, "Invalid attachment data for a"),
        ({"_id": "x", "_attachments": {"a": {"data": "é"}}}, BadRequest, "Invalid attachment data for a"),
        (
            {"_id": "x", "_attachments": {"a": {"follows": True}}},
            BadRequest,
            "The content of attachment 'a' does not follow the document",
        ),
        (
            {"_id": "x", "_attachments": {"a": {"stub": True, "revpos": -1}}},
            InvalidDocument,
            "The revpos of attachment 'a' must be a natural number",
        ),
    ],
)
def test_unreadable_edits_are_refused_in_couchdbs_words(fields: object, kind: type[BadRequest], reason: str) -> None:
    with pytest.raises(kind) as refused:
        read_edit(fields)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "When `new_edits: false`, the document needs `_rev` or `_revisions` specified"),
        ({"_revisions": []}, "_revisions isn't an object."),
        ({"_revisions": {"start": "1", "ids": ["a"]}}, "_revisions.start isn't an integer."),
        ({"_revisions": {"start": True, "ids": ["a"]}}, "_revisions.start isn't an integer."),
        ({"_revisions": {"start": 1}}, "_revisions.ids isn't a array."),
        ({"_revisions": {"start": 1, "ids": []}}, "_revisions.ids isn't a array."),
        ({"_revisions": {"start": 1, "ids": [1]}}, "RevId isn't a string"),
        (
            {"_revisions": {"start": 1, "ids": ["b", "a"]}},
            "_revisions.start is smaller than the number of _revisions.ids",
        ),
        (
            {"_rev": "2-x", "_revisions": {"start": 2, "ids": ["b", "a"]}},
            "`_rev` is not the first revision of `_revisions`",
        ),
    ],
)
def test_unreadable_paths_are_refused(members: dict, reason: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_replica({"_id": "x", **members})
    assert refused.value.reason == reason


def test_a_revision_without_its_path_is_a_path_of_one() -> None:
    assert read_replica({"_id": "x", "_rev": "3-c"}).path == Branch(3, ("c",))


def test_a_local_document_names_its_whole_id() -> None:
    told = orjson.loads(write_local(LocalDocument("check", Revision(0, "4"), b'{"n":1}')))
    assert told == {"_id": "_local/check", "_rev": "0-4", "n": 1}

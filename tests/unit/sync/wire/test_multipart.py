import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest, TooLarge
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.documents import Absent, Document
from sync.wire.attachments import MOST_UNPACKED_BYTES, attachment, digest_of
from sync.wire.documents import read_replica
from sync.wire.multipart import read_parts, read_related, write_mixed, write_related

names = st.text(min_size=1).filter(lambda name: not name.startswith("_"))
file_sets = st.lists(
    st.builds(lambda name, data: attachment(name, "image/jpeg", data, generation=2), names, st.binary(max_size=80)),
    min_size=1,
    max_size=3,
    unique_by=lambda file: file.name,
)


@given(attached=file_sets)
def test_a_document_with_its_files_behind_it_is_read_back_equal(attached) -> None:
    document = Document("x", Branch(2, ("bb", "aa")), b'{"n":1}', tuple(attached))
    body, boundary = write_related(document, revisions=True)
    fields, following = read_related(body, f'multipart/related; boundary="{boundary}"')
    assert read_replica(fields, following=following) == document


@given(noise=st.binary(max_size=300))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(BadRequest):
        read_related(noise, 'multipart/related; boundary="never-in-noise-000"')


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/related"),
        (b"--b--", "multipart/related; boundary=b"),
        (b"--b\r\n\r\n{}\r\n", "multipart/related; boundary=b"),
        (b"--b\r\n\r\nnot json\r\n--b--", "multipart/related; boundary=b"),
        (b'--b\r\n\r\n{"_attachments":{"f":{"follows":true}}}\r\n--b--', "multipart/related; boundary=b"),
        (b"--b\r\n\r\n{}\r\n--b\r\n\r\nextra\r\n--b--", "multipart/related; boundary=b"),
        (b"--b\r\nno end of headers\r\n--b--", "multipart/related; boundary=b"),
        (b"--" + b"b" * 300 + b"--", "multipart/related; boundary=" + "b" * 300),
    ],
)
def test_a_body_that_is_cut_or_does_not_fit_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(BadRequest):
        read_related(body, content_type)


def test_parts_without_names_are_taken_in_the_order_of_the_stubs() -> None:
    fields = {"_attachments": {"one": {"follows": True}, "two": {"follows": True}}}
    body = (
        b"--b\r\nContent-Type: application/json\r\n\r\n"
        + orjson.dumps(fields)
        + b"\r\n--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--"
    )
    assert read_related(body, "multipart/related; boundary=b")[1] == {"one": b"1", "two": b"2"}


def test_leaves_go_out_as_parts_and_a_missing_one_says_so() -> None:
    with_file = Document("x", Branch(1, ("aa",)), b"{}", (attachment("f", "text/plain", b"text", generation=1),))
    plain = Document("x", Branch(1, ("bb",)), b'{"n":1}')
    body, boundary = write_mixed([with_file, plain, Absent("x", Revision(9, "z"), "missing")], revisions=True)
    (related, inner), (headers, text), (error, gone) = read_parts(body, f"multipart/mixed; boundary={boundary}")
    assert read_related(inner, related["content-type"])[1] == {"f": b"text"}
    assert headers["content-type"] == "application/json"
    assert orjson.loads(text) == {"_id": "x", "_rev": "1-bb", "n": 1, "_revisions": {"start": 1, "ids": ["bb"]}}
    assert error["content-type"] == 'application/json; error="true"'
    assert orjson.loads(gone) == {"missing": "9-z"}


def test_a_file_name_cannot_end_the_line_of_its_header() -> None:
    name = 'a"\r\nX-Evil: 1\r\n\r\n'
    document = Document("x", Branch(1, ("aa",)), b"{}", (attachment(name, "text/plain", b"t", generation=1),))
    body, boundary = write_related(document, revisions=False)
    _, (headers, _) = read_parts(body, f"multipart/related; boundary={boundary}")
    assert "x-evil" not in headers


def _packed(*contents: bytes, encoding: str = "gzip") -> tuple[object, dict[str, bytes]]:
    member = {"follows": True, "encoding": encoding, "content_type": "text/plain"}
    members = {f"f{n}": member for n in range(len(contents))}
    return {"_id": "x", "_rev": "1-a", "_attachments": members}, {f"f{n}": data for n, data in enumerate(contents)}


def test_what_couchdb_keeps_packed_is_unpacked_on_arrival() -> None:
    fields, following = _packed(gzip.compress(b"text " * 100), gzip.compress(b""))
    files = read_replica(fields, following=following).attachments
    assert [(file.data, file.length) for file in files] == [(b"text " * 100, 500), (b"", 0)]
    assert files[0].digest == digest_of(b"text " * 100)


@pytest.mark.parametrize("content", [b"", b"plain", gzip.compress(b"text" * 99)[:-9]])
def test_a_packed_content_that_is_broken_is_refused(content: bytes) -> None:
    fields, following = _packed(content)
    with pytest.raises(BadRequest):
        read_replica(fields, following=following)


def test_contents_that_unpack_to_more_than_memory_holds_are_refused_together() -> None:
    half = gzip.compress(bytes(MOST_UNPACKED_BYTES // 2 + 1))
    fields, following = _packed(half, half)
    with pytest.raises(TooLarge):
        read_replica(fields, following=following)


def test_an_unknown_encoding_and_packed_data_inline_are_refused() -> None:
    fields, following = _packed(b"x", encoding="br")
    with pytest.raises(BadRequest):
        read_replica(fields, following=following)
    with pytest.raises(BadRequest):
        read_replica({"_id": "x", "_rev": "1-a", "_attachments": {"f": {"data": "", "encoding": "gzip"}}})

import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.contents import Passing
from sync.values.documents import Absent, Document
from sync.wire.arriving import digest_of
from sync.wire.attachments import Following, attachment
from sync.wire.documents import read_replica
from sync.wire.multipart import read_related, write_mixed, write_related
from sync.wire.problems import AttachmentTooLarge, ContentMismatch
from tests.unit.sync.parts import MOST_BYTES, body_of, in_bits, read_parts, related, with_bytes

names = st.text(min_size=1).filter(lambda name: not name.startswith("_"))
file_sets = st.lists(
    st.builds(lambda name, data: attachment(name, "image/jpeg", data, generation=2), names, st.binary(max_size=80)),
    min_size=1,
    max_size=3,
    unique_by=lambda file: file.name,
)


@given(attached=file_sets, at_once=st.integers(1, 200))
def test_a_document_with_its_files_behind_it_is_read_back_equal(attached, at_once: int) -> None:
    document = Document("x", Branch(2, ("bb", "aa")), b'{"n":1}', tuple(attached))
    sent = write_related(document, revisions=True)
    fields, following = read_related(in_bits(body_of(sent), at_once), sent.content_type, most_bytes=MOST_BYTES)
    assert with_bytes(read_replica(fields, following=following)) == document


@given(noise=st.binary(max_size=300))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(BadRequest):
        related(noise, 'multipart/related; boundary="never-in-noise-000"')


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
        related(body, content_type)


def test_parts_without_names_are_taken_in_the_order_of_the_stubs() -> None:
    fields = {"_attachments": {"one": {"follows": True}, "two": {"follows": True}}}
    body = (
        b"--b\r\nContent-Type: application/json\r\n\r\n"
        + orjson.dumps(fields)
        + b"\r\n--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--"
    )
    assert related(body, "multipart/related; boundary=b")[1] == {"one": b"1", "two": b"2"}


def test_parts_with_names_may_come_in_any_order() -> None:
    fields = {"_attachments": {name: {"follows": True} for name in ("one", "two", "three")}}
    parts = [b"\r\n" + orjson.dumps(fields)]
    parts += [
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{name}'.encode() for name in ("three", "one", "two")
    ]
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--"
    assert related(body, "multipart/related; boundary=b")[1] == {"one": b"one", "two": b"two", "three": b"three"}


@pytest.mark.parametrize(
    ("told", "error", "reason"),
    [
        ({"length": 3}, BadRequest, "attachment longer than expected"),
        ({"length": 5}, BadRequest, "attachment shorter than expected"),
        ({"digest": digest_of(b"test")}, ContentMismatch, "Possible message corruption."),
        ({"length": 4, "digest": digest_of(b"text")}, None, ""),
    ],
)
def test_a_content_is_held_to_what_was_announced(told, error, reason: str) -> None:
    fields = {"_id": "x", "_rev": "1-a", "_attachments": {"f": {"follows": True, **told}}}
    following = Following({"f": Passing(iter([b"te", b"xt"]))}, MOST_BYTES)
    document = read_replica(fields, following=following)
    if error is None:
        assert with_bytes(document).attachments[0].data == b"text"
    else:
        with pytest.raises(error, match=reason):
            with_bytes(document)


def test_leaves_go_out_as_parts_and_a_missing_one_says_so() -> None:
    with_file = Document("x", Branch(1, ("aa",)), b"{}", (attachment("f", "text/plain", b"text", generation=1),))
    plain = Document("x", Branch(1, ("bb",)), b'{"n":1}')
    sent = write_mixed([with_file, plain, Absent("x", Revision(9, "z"), "missing")], revisions=True)
    (first, inner), (headers, text), (error, gone) = read_parts(body_of(sent), sent.content_type)
    assert related(inner, first["content-type"])[1] == {"f": b"text"}
    assert headers["content-type"] == "application/json"
    assert orjson.loads(text) == {"_id": "x", "_rev": "1-bb", "n": 1, "_revisions": {"start": 1, "ids": ["bb"]}}
    assert error["content-type"] == 'application/json; error="true"'
    assert orjson.loads(gone) == {"missing": "9-z"}


def test_a_file_name_cannot_end_the_line_of_its_header() -> None:
    name = 'a"\r\nX-Evil: 1\r\n\r\n'
    document = Document("x", Branch(1, ("aa",)), b"{}", (attachment(name, "text/plain", b"t", generation=1),))
    sent = write_related(document, revisions=False)
    _, (headers, _) = read_parts(body_of(sent), sent.content_type)
    assert "x-evil" not in headers


def _packed(*contents: bytes, encoding: str = "gzip", most_bytes: int = MOST_BYTES) -> tuple[object, Following]:
    member = {"follows": True, "encoding": encoding, "content_type": "text/plain"}
    members = {f"f{n}": member for n in range(len(contents))}
    passing = {f"f{n}": Passing(in_bits(data, 9)) for n, data in enumerate(contents)}
    return {"_id": "x", "_rev": "1-a", "_attachments": members}, Following(passing, most_bytes)


def test_what_couchdb_keeps_packed_is_unpacked_on_arrival() -> None:
    fields, following = _packed(gzip.compress(b"text " * 100), gzip.compress(b""))
    files = with_bytes(read_replica(fields, following=following)).attachments
    assert [(file.data, file.length) for file in files] == [(b"text " * 100, 500), (b"", 0)]
    assert files[0].digest == digest_of(b"text " * 100)


@pytest.mark.parametrize("content", [b"", b"plain", gzip.compress(b"text" * 99)[:-9]])
def test_a_packed_content_that_is_broken_is_refused(content: bytes) -> None:
    fields, following = _packed(content)
    with pytest.raises(BadRequest):
        with_bytes(read_replica(fields, following=following))


def test_a_small_content_that_unpacks_to_more_than_is_taken_is_refused_before_it_is_large() -> None:
    fields, following = _packed(gzip.compress(bytes(1 << 24)), most_bytes=1 << 20)
    (file,) = read_replica(fields, following=following).attachments
    seen = []
    with pytest.raises(AttachmentTooLarge):
        seen.extend(len(piece) for piece in file.data.pieces())
    assert 0 < sum(seen) <= 1 << 20


def test_an_unknown_encoding_and_packed_data_inline_are_refused() -> None:
    fields, following = _packed(b"x", encoding="br")
    with pytest.raises(BadRequest):
        read_replica(fields, following=following)
    with pytest.raises(BadRequest):
        read_replica({"_id": "x", "_rev": "1-a", "_attachments": {"f": {"data": "", "encoding": "gzip"}}})

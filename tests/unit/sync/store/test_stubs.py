"""What a stub stands for, for edits and for replicas' copies."""

import pytest

from sync.store.stubs import resolve_edit, resolve_graft
from sync.values.documents import Attachment
from sync.wire.problems import MissingStub


def _file(name="scan", *, digest="md5-1", revpos=1, data=b"abc"):
    return Attachment(name, "image/jpeg", digest, 3, revpos, data)


def _stub(name="scan", *, digest="", revpos=0):
    return Attachment(name, "image/jpeg", digest, 0, revpos)


def test_new_content_of_an_edit_belongs_to_its_generation():
    assert resolve_edit("d", [_file(revpos=0)], [], generation=4) == [_file(revpos=4)]


def test_a_stub_of_an_edit_is_its_parents_file_of_that_name():
    for told in (0, 1):
        assert resolve_edit("d", [_stub(revpos=told)], [_file("other"), _file()], generation=4) == [_file()]


def test_a_stub_of_an_edit_that_names_another_generation_is_refused():
    with pytest.raises(MissingStub, match="Invalid attachment stub in d for scan"):
        resolve_edit("d", [_stub(revpos=9)], [_file(revpos=1)], generation=4)


def test_a_stub_of_an_edit_that_its_parent_has_not_is_refused():
    with pytest.raises(MissingStub):
        resolve_edit("d", [_file("x"), _stub()], [_file("other")], generation=2)


def test_content_of_a_copy_keeps_its_generation_within_reason():
    assert [
        f.revpos for f in resolve_graft("d", [_file(revpos=2), _file(revpos=0), _file(revpos=99)], [], generation=5)
    ] == [
        2,
        5,
        5,
    ]


def test_a_stub_of_a_copy_is_found_by_the_generation_that_brought_it():
    newer, older = _file(digest="md5-2", revpos=3), _file(digest="md5-1", revpos=1)
    assert resolve_graft("d", [_stub(revpos=1)], [[newer], [older]], generation=5) == [older]
    assert resolve_graft("d", [_stub(revpos=3)], [[newer], [older]], generation=5) == [newer]


def test_or_else_by_its_digest_and_never_by_name_alone():
    assert resolve_graft("d", [_stub(digest="md5-1", revpos=7)], [[_file(revpos=2)]], generation=8) == [_file(revpos=2)]
    with pytest.raises(MissingStub):
        resolve_graft("d", [_stub(digest="md5-9", revpos=7)], [[_file(revpos=2)]], generation=8)


def test_ancestors_are_not_looked_at_without_a_stub():
    def ancestors():
        raise AssertionError("read for nothing")
        yield

    assert resolve_graft("d", [_file()], ancestors(), generation=2) == [_file()]
    assert resolve_graft("d", [], ancestors(), generation=2) == []

import pytest

from sync.errors import BadRequest
from sync.wire.names import check_attachment_name, check_database_name, check_doc_id
from sync.wire.problems import DatabaseNameTooLong, IllegalDatabaseName, IllegalDocId


@pytest.mark.parametrize(
    "doc_id", ["a", "007", "1e5", "a/b", "石桥", "_design/x", "_design/a/b", "_local/x", " ", "\x00", "😀", "a_b"]
)
def test_lawful_ids_pass_unchanged(doc_id: str) -> None:
    assert check_doc_id(doc_id) == doc_id


@pytest.mark.parametrize(
    ("doc_id", "reason"),
    [
        ("", "Document id must not be empty"),
        (None, "Document id must be a string"),
        (7, "Document id must be a string"),
        (["a"], "Document id must be a string"),
        ("_foo", "Only reserved document ids may start with underscore."),
        ("_", "Only reserved document ids may start with underscore."),
        ("_designx", "Only reserved document ids may start with underscore."),
        ("_design/", "Illegal document id `_design/`"),
        ("_local/", "Illegal document id `_local/`"),
    ],
)
def test_unlawful_ids_are_refused_in_couchdbs_words(doc_id: object, reason: str) -> None:
    with pytest.raises(IllegalDocId) as refused:
        check_doc_id(doc_id)
    assert refused.value.reason == reason


@pytest.mark.parametrize("name", ["a", "db", "station_s17", "a/b", "a_$()+-/9", "a" * 238])
def test_lawful_database_names_pass(name: str) -> None:
    assert check_database_name(name) == name


@pytest.mark.parametrize("name", ["", "A", "1a", "_users", "a b", "a.b", "石", "a\n", "../etc", "a%2fb"])
def test_unlawful_database_names_are_refused_in_couchdbs_words(name: str) -> None:
    with pytest.raises(IllegalDatabaseName) as refused:
        check_database_name(name)
    assert refused.value.reason == (
        f"Name: '{name}'. Only lowercase characters (a-z), digits (0-9), and any of the characters"
        " _, $, (, ), +, -, and / are allowed. Must begin with a letter."
    )


def test_a_database_name_may_not_be_longer_than_a_file_name() -> None:
    with pytest.raises(DatabaseNameTooLong):
        check_database_name("a" * 239)


def test_an_attachment_name_may_not_begin_with_an_underscore() -> None:
    assert check_attachment_name("a/b_c.jpg") == "a/b_c.jpg"
    with pytest.raises(BadRequest, match="Attachment name '_x' starts with prohibited character '_'"):
        check_attachment_name("_x")
    with pytest.raises(BadRequest):
        check_attachment_name("")

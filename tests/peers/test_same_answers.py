"""We answer as Apache CouchDB does: status, error words, sentences and shapes, request by request.

What CouchDB answered is recorded in `answers.json` (see `record_answers`); where our answer is meant to be another,
it is recorded beside it and the question says why. A live CouchDB, when one is named, shows that the record is true.

Must not know: our code.
"""

import os

import pytest

from tests.peers.asking import Question, Server, failed
from tests.peers.questions.story import STORY
from tests.peers.record_answers import QUESTIONS, recorded

ANSWERS = recorded()


@pytest.mark.parametrize("asked", [pytest.param(each, id=each.name) for each in QUESTIONS])
def test_we_answer_as_was_recorded(yizhan: str, asked: Question) -> None:
    expected = [entry.get("yizhan", entry["couchdb"]) for entry in ANSWERS[asked.name]]
    told = Server(yizhan).answers(asked, STORY)
    for each, answer, right in zip(asked.asks, told, expected, strict=True):
        assert answer == right, each.request


@pytest.mark.couchdb
@pytest.mark.parametrize("asked", [pytest.param(each, id=each.name) for each in QUESTIONS])
def test_the_record_is_what_couchdb_answers(asked: Question) -> None:
    told = Server(os.environ["COUCHDB_URL"]).answers(asked, STORY)
    for each, answer, entry in zip(asked.asks, told, ANSWERS[asked.name], strict=True):
        assert answer == entry["couchdb"], each.request


def test_every_question_is_recorded_and_asked_once() -> None:
    assert list(ANSWERS) == [each.name for each in QUESTIONS]


def test_every_difference_is_explained_and_is_one() -> None:
    for asked in QUESTIONS:
        for each, entry in zip(asked.asks, ANSWERS[asked.name], strict=True):
            if not failed(entry["couchdb"]):
                assert ("yizhan" in entry) == bool(each.differs), (asked.name, each.request)


def test_where_couchdb_fails_we_refuse_or_answer() -> None:
    for entries in ANSWERS.values():
        for entry in entries:
            ours = entry.get("yizhan", entry["couchdb"])
            assert not failed(ours) or ours["body"]["error"] == "not_implemented"
            if ours["status"] >= 400 and "body" in ours:
                if isinstance(ours["body"], list):  # a batch is refused row by row
                    assert all(set(row) == {"id", "rev", "error", "reason"} for row in ours["body"])
                else:
                    assert set(ours["body"]) == {"error", "reason"}

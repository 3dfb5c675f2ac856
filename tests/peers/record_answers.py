"""Record what Apache CouchDB answers: `COUCHDB_URL=… python -m tests.peers.record_answers OURS`.

OURS is the address of a server of ours; its answers are recorded too where they differ.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.peers.asking import Question, Server
from tests.peers.questions import access, bulk, database, document, feed, files, listing, queries, replication, writing
from tests.peers.questions.story import STORY

RECORDED = Path(__file__).parent / "answers.json"
QUESTIONS: tuple[Question, ...] = (
    *access.QUESTIONS,
    *database.QUESTIONS,
    *listing.QUESTIONS,
    *feed.QUESTIONS,
    *document.QUESTIONS,
    *writing.QUESTIONS,
    *bulk.QUESTIONS,
    *files.QUESTIONS,
    *queries.QUESTIONS,
    *replication.QUESTIONS,
)


def recorded() -> dict[str, list[dict[str, Any]]]:
    """By question, an entry for each request: the answer of `couchdb` and, where it differs, of `yizhan`."""
    told: dict[str, list[dict[str, Any]]] = json.loads(RECORDED.read_text("utf-8"))
    return told


def main() -> None:
    """Ask both, and write the file."""
    theirs, ours = Server(os.environ["COUCHDB_URL"]), Server(sys.argv[1])
    told = {each.name: _entries(theirs.answers(each, STORY), ours.answers(each, STORY)) for each in QUESTIONS}
    RECORDED.write_text(_readable(told), encoding="utf-8")


def _entries(theirs: list[dict[str, Any]], ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pairs = zip(theirs, ours, strict=True)
    return [{"couchdb": one} if one == other else {"couchdb": one, "yizhan": other} for one, other in pairs]


def _readable(told: dict[str, list[dict[str, Any]]]) -> str:
    """One answer a line, so that a change of one shows as one."""
    blocks = []
    for name, entries in told.items():
        lines = []
        for entry in entries:
            by_whom = (f"{json.dumps(whom)}: {json.dumps(each, ensure_ascii=False)}" for whom, each in entry.items())
            lines.append("  {" + ",\n   ".join(by_whom) + "}")
        blocks.append(f" {json.dumps(name, ensure_ascii=False)}: [\n" + ",\n".join(lines) + "\n ]")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    main()

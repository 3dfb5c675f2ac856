"""The glossary: one word, one meaning, in order, and none that nobody uses."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
TERMS = re.findall(r"^\*\*(.+?)\*\*", GLOSSARY, re.MULTILINE)
MUST_BE_THERE = """
case, checkpoint, custody, device code, dispute, event, exchange, fold, generation, graft, guard, holder,
lane, leaf, ledger, life, node, receipt, receipt number, revision, seal, sequence, sid, station, stemming,
tombstone, winner, writer"""


def test_every_word_is_defined_once_and_in_order() -> None:
    names = [term.lower() for term in TERMS]
    assert len(set(names)) == len(names)
    assert names == sorted(names)


def test_the_words_the_design_stands_on_are_defined() -> None:
    names = {re.sub(r" \(.*\)", "", term.lower()) for term in TERMS}
    assert set(re.split(r",\s+", MUST_BE_THERE.strip())) - names == set()


def test_no_word_is_defined_that_nobody_uses() -> None:
    text = "\n".join(
        path.read_text("utf-8").lower()
        for folder in ("sync", "edge_node", "central", "fixtures", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md"} and path.name != "glossary.md"
    )
    unused = [term for term in TERMS if re.sub(r" \(.*\)", "", term.lower()).split(", ")[0] not in text]
    assert unused == []

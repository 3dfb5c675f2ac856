"""Taking in whatever lies in a heap of files: volumes for us, volumes for others, and what is neither.

One that cannot be taken in delays no other: each has its own outcome, in a sentence.

Must not know: who brought the files, how the outcomes are shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sync.bundle.envelope import is_volume
from sync.bundle.refusals import NotForUs
from sync.carrying.importing import TakenIn, take_in
from sync.carrying.spool import Spool
from sync.carrying.stick import told_in_words
from sync.carrying.telling import amounts
from sync.errors import Refused, StorageError
from sync.node.node import Node
from sync.store.ledger.audit import Entry, append_entry

TAKEN, PARTLY, ALREADY, CARRIED, KNOWN, REFUSED, STRANGE = (
    "taken",
    "partly",
    "already",
    "carried",
    "known",
    "refused",
    "strange",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    what      `taken`, `partly`, `already` taken before, `carried` for others now, `known`: carried already,
              `refused`, or `strange`: no volume
    sentence  the same for a person
    """

    file: str
    what: str
    sentence: str


def import_files(
    node: Node,
    paths: Iterable[Path],
    *,
    by: str,
    progress: Callable[[int], object] | None = None,
    done: Callable[[Outcome], object] | None = None,
) -> list[Outcome]:
    """Take in volumes and keep those of others; returns what became of each file, in their order.

    by        who did it, for the audit
    progress  told of documents as they come;  done, of each file when it is through
    raises    StorageError of our own disk
    """
    outcomes = []
    for path in paths:
        outcome = _import_file(node, path, progress)
        outcomes.append(outcome)
        if done is not None:
            done(outcome)
    if outcomes:
        counted = {what: sum(one.what == what for one in outcomes) for what in sorted({one.what for one in outcomes})}
        detail = "，".join(f"{what} {count}" for what, count in counted.items())
        node.engine.write(lambda tx: append_entry(tx, Entry(node.clock(), by, "volumes_imported", "", detail)))
    return outcomes


def _import_file(node: Node, path: Path, progress: Callable[[int], object] | None) -> Outcome:
    try:
        with told_in_words(), path.open("rb") as file:
            if not is_volume(file):
                return Outcome(path.name, STRANGE, "不是驿站的传送文件，没有动它")
            file.seek(0)
            return _outcome(path.name, take_in(node, file, progress=progress))
    except NotForUs:
        return _carry(node, path)
    except Refused as error:
        return Outcome(path.name, REFUSED, error.reason)


def _carry(node: Node, path: Path) -> Outcome:
    try:
        kept = Spool(node).keep(path)
    except (Refused, StorageError) as error:
        return Outcome(path.name, REFUSED, f"不是给本节点的，也没能代为保管：{error.reason}")
    if kept:
        return Outcome(path.name, CARRIED, "不是给本节点的（或已损坏），已原样保管，下次导出时一并转交")
    return Outcome(path.name, KNOWN, "不是给本节点的，以前已经保管")


def _outcome(name: str, taken: TakenIn) -> Outcome:
    whose = f"{taken.peer.known.name}第 {taken.header.number} 次导出的第 {taken.header.volume} 卷"
    if taken.already:
        return Outcome(name, ALREADY, f"{whose}，以前已经收下")
    brought = amounts(taken.brought)
    aside = f"；{taken.set_aside} 份被搁置，请管理员查看" if taken.set_aside else ""
    if not taken.is_whole:
        reason = taken.broken or "文件不完整"
        return Outcome(name, PARTLY, f"{whose}，{reason}：只收下了前面完整的部分，{brought}{aside}")
    return Outcome(name, TAKEN, f"{whose}，已收下：{brought}{aside}")

"""Taking in whatever lies in a heap of files: volumes for us, volumes for others, and what is neither.

One that cannot be taken in delays no other: each has its own outcome, in a sentence.

Must not know: who brought the files, how the outcomes are shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sync.bundle.envelope import is_volume
from sync.bundle.refusals import NotForUs
from sync.carrying.importing import TakenIn, take_in
from sync.carrying.spool import Spool
from sync.carrying.stick import digest_of, told_in_words
from sync.carrying.telling import amounts, wishes
from sync.errors import Refused, StorageError
from sync.node.node import Node
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.carried import is_written
from sync.store.ledger.volumes import volumes_of
from sync.store.transaction import Reader

TAKEN, PARTLY, ALREADY = "taken", "partly", "already"
OWN, CARRIED, KNOWN = "own", "carried", "known"
REFUSED, STRANGE = "refused", "strange"


@dataclass(frozen=True, slots=True)
class Set:
    """A set of volumes: whose (writer id, and name), in which life, and its number there."""

    peer: str
    name: str
    life: str
    number: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    what      `taken`, `partly`, `already` taken before, `own`: written here, `carried` for others now, `known`: carried
              already, `refused`, or `strange`: no volume
    sentence  the same for a person
    of        the set that it is of, where it is for us
    """

    file: str
    what: str
    sentence: str
    of: Set | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of each file, in their order; and a sentence for each set of which volumes are missing still."""

    outcomes: tuple[Outcome, ...]
    missing: tuple[str, ...]


def import_files(
    node: Node,
    paths: Iterable[Path],
    *,
    by: str,
    progress: Callable[[int], object] | None = None,
    done: Callable[[Outcome], object] | None = None,
) -> Gathered:
    """Take in volumes and keep those of others.

    by        who did it, for the audit
    progress  told of documents as they come;  done, of each file when it is through
    raises    StorageError of our own disk
    """
    outcomes: list[Outcome] = []
    for path in paths:
        outcome = _import_file(node, path, progress)
        outcomes.append(outcome)
        if done is not None:
            done(outcome)
    if outcomes:
        counted = {what: sum(one.what == what for one in outcomes) for what in sorted({one.what for one in outcomes})}
        detail = "，".join(f"{what} {count}" for what, count in counted.items())
        node.engine.write(lambda tx: append_entry(tx, Entry(node.clock(), by, "volumes_imported", "", detail)))
    sets = dict.fromkeys(one.of for one in outcomes if one.of is not None)
    missing = (node.engine.read(partial(_missing, one)) for one in sets)
    return Gathered(tuple(outcomes), tuple(sentence for sentence in missing if sentence))


def _missing(of: Set, reader: Reader) -> str:
    """What is missing of a set, in words; "" for nothing."""
    came = volumes_of(reader, of.peer, of.life, of.number)
    if not came:  # of a life that ended: nobody waits for the rest
        return ""
    gaps = [str(number) for number in range(1, max(came)) if not (number in came and came[number].whole)]
    if not came[max(came)].whole:
        gaps.append(str(max(came)))
    told = [f"第 {'、'.join(gaps)} 卷"] if gaps else []
    if not any(one.last for one in came.values()):
        told.append(f"第 {max(came)} 卷之后的各卷")
    return f"{of.name}第 {of.number} 次导出还没有收齐，缺{'和'.join(told)}" if told else ""


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
    digest = digest_of(path)
    if node.engine.read(lambda reader: is_written(reader, digest)):
        return Outcome(path.name, OWN, "是本节点自己导出的，应交给对方导入")
    try:
        kept = Spool(node).keep(path)
    except (Refused, StorageError) as error:
        return Outcome(path.name, REFUSED, f"不是给本节点的，也没能代为保管：{error.reason}")
    if kept:
        return Outcome(path.name, CARRIED, "不是给本节点的（或已损坏），已原样保管，下次导出时一并转交")
    return Outcome(path.name, KNOWN, "不是给本节点的，以前已经保管")


def _outcome(name: str, taken: TakenIn) -> Outcome:
    whose = f"{taken.peer.known.name}第 {taken.header.number} 次导出的第 {taken.header.volume} 卷"
    of = Set(taken.peer.writer, taken.peer.known.name, taken.header.life, taken.header.number)
    if taken.already:
        return Outcome(name, ALREADY, f"{whose}，以前已经收下", of)
    brought = amounts(taken.brought) + wishes(taken.header.wants)
    aside = f"；{taken.set_aside} 份被搁置，请管理员查看" if taken.set_aside else ""
    if not taken.is_whole:
        reason = taken.broken or "文件不完整"
        return Outcome(name, PARTLY, f"{whose}，{reason}：只收下了前面完整的部分，{brought}{aside}", of)
    return Outcome(name, TAKEN, f"{whose}，已收下：{brought}{aside}", of)

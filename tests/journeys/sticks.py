"""Sticks for tests: directories that are written by one node and read by another."""

import itertools
from collections.abc import Iterable
from pathlib import Path

from sync.carrying.addressing import Counterpart, peer_above, peer_below
from sync.carrying.exporting import export
from sync.carrying.gathering import import_files
from sync.carrying.outcomes import Outcome
from sync.carrying.stick import USUAL_VOLUME_BYTES, Stick, volumes_in
from sync.casework.digest_content import digest_content
from sync.node.budgets import Budgets
from sync.node.node import Node
from sync.node.room import Room


class Sticks:
    """As many sticks as a test wants, in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = itertools.count(1)

    def new(self) -> Path:
        """An empty stick."""
        path = self._directory / f"stick-{next(self._numbers)}"
        path.mkdir()
        return path

    def write(
        self, node: Node, peer: Counterpart, *, size: int = USUAL_VOLUME_BYTES, everything: bool = False
    ) -> list[Path]:
        """A stick that a node wrote for another: its volumes, in the order they were written."""
        stick = self.new()
        exported = export(node, peer, Stick(stick), volume_bytes=size, everything=everything)
        assert sorted(exported.names) == [path.name for path in volumes_in(stick)]
        return [stick / name for name in exported.names]

    def carry(self, source: Node, peer: Counterpart, target: Node) -> list[str]:
        """One trip; what became of each volume."""
        return kinds(read(target, self.write(source, peer)))


def read(node: Node, volumes: Iterable[Path], room: Room | None = None) -> list[Outcome]:
    """A node takes in volumes; without a `room` it has any."""
    return list(import_files(node, volumes, by="acct:zhou", room=room or roomy(node)).outcomes)


def roomy(node: Node) -> Room:
    """Room for anything."""
    return Room(node, Budgets())


def kinds(outcomes: Iterable[Outcome]) -> list[str]:
    """What became of each."""
    return [one.what for one in outcomes]


def up(node: Node, sid: str = "centre") -> Counterpart:
    """The node above that is meant."""
    return peer_above(node, sid)


def down(node: Node, below: Node) -> Counterpart:
    """A node below."""
    return peer_below(node, below.identity.sid)


def same_content(*nodes: Node, station: str) -> bool:
    """Whether all hold the same of a station."""
    return len({digest_content(node, station=station)["sha256"] for node in nodes}) == 1


def size_of(volumes: Iterable[Path]) -> int:
    """Bytes."""
    return sum(path.stat().st_size for path in volumes)

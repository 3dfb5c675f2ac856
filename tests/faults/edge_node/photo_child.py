"""A station that takes one application with a photo too large, and is killed around one of its transactions.

    python -m tests.faults.edge_node.photo_child DIRECTORY PHOTO

For every n, a child of this process makes a station in DIRECTORY/n, and is killed before or behind one of the
transactions with which it takes the application, until one lives to the end. What it answered is in DIRECTORY/n.told.
"""

import os
import signal
import sys
from pathlib import Path

from edge_node.services.found_station import found_station
from edge_node.services.prepare_application import Application, Material, Photo
from edge_node.services.receive_application import receive_application
from edge_node.services.take_parts import Taking
from edge_node.settings import read
from edge_node.station import Station
from edge_node.wiring import build_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.node import Node
from tests.unit.edge_node.applications import application


def main(directory: str, photo: str) -> None:
    """Child after child; prints how many were killed."""
    number, killed = 1, True
    while killed:
        place = Path(directory) / str(number)
        child = os.fork()
        if not child:
            _live(place, Path(photo).read_bytes(), number)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        killed = os.WIFSIGNALED(status)
        if status and not killed:
            sys.exit("a child ended for another reason")
        number += killed
    print(number - 1)


def _live(place: Path, photo: bytes, number: int) -> None:
    code, land = str(EnrolmentCode("k3m7q", "01", "7KXW9RTB2C")), county().place("石桥村")
    with found_station(place, name=land.name, region=land.code, upstream="http://127.0.0.1:9", code=code) as node:
        bring_county(node)
        station = build_station(node, read({}))
        _kill_around(node, number)
        told = take(station, photo)
        with place.with_name(f"{place.name}.told").open("wb", buffering=0) as answers:
            answers.write(told)
            os.fsync(answers.fileno())
        station.photos.originals.tidy()


def take(station: Station, photo: bytes) -> bytes:
    """Take the application; the answer."""
    told = application()
    papers = tuple(
        Material(paper["name"], (Photo(photo),) if not number else ()) for number, paper in enumerate(told["materials"])
    )
    wanted = Application(told["item"], told["fields"], papers, confirmed_ms=station.node.clock())
    items = station.node.catalogue.items()
    return receive_application(station.node, items, wanted, Taking("acct:wang", None, station.photos)).body


def _kill_around(node: Node, number: int) -> None:
    engine = node.engine
    write, left = engine.write, number

    def counted(work):
        _step()
        done = write(work)
        _step()
        return done

    def _step() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    engine.write = counted


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A station that takes applications until it is killed: `python -m tests.faults.outbox.agent_child DIRECTORY URL`.

Each line on standard output is an answer a citizen got, written after it was given and in one call.
"""

import os
import sys
from pathlib import Path

from sync.node.node import Node
from sync.outbox.address import CouchAddress
from sync.values.json_text import dump
from tests.faults.outbox.station import take


def main(directory: str, url: str) -> None:
    """Take one application after the other; never ends by itself."""
    with Node.open(Path(directory), couch=CouchAddress(url)) as node:
        number = 0
        while True:
            number += 1
            os.write(1, dump(take(node, number)) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A station runs: it owns its directory, answers, looks after itself, and takes commands, until told to stop.

Must not know: the command line.
"""

from collections.abc import Callable
from pathlib import Path

from edge_node.commands import commands_of
from edge_node.settings import Settings
from edge_node.wiring import build_app, build_station
from sync.node.node import Node
from sync.node.tending import Caretaker
from sync.web.control import listening
from sync.web.serving import serve


def serve_station(directory: Path, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    ready   called with the URL once the station answers
    raises  StoreLocked when another process runs it; StorageError when the port cannot be had
    """
    with Node.open(directory) as node:
        station = build_station(node, settings)
        app = build_app(station)
        caretaker = Caretaker(node)
        caretaker.start()
        try:
            with listening(directory, commands_of(station)):
                serve(
                    app,
                    settings.host,
                    settings.port,
                    threads=settings.threads,
                    ready=lambda port: ready(f"http://{settings.host}:{port}/"),
                    allow_plain=settings.allow_plain_http,
                )
        finally:
            caretaker.stop()

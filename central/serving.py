"""A centre runs: it owns its directory, answers, looks after itself, and takes commands, until told to stop.

Must not know: the command line.
"""

from collections.abc import Callable
from pathlib import Path

from central.commands import commands_of
from central.settings import Settings
from central.wiring import build_app, build_centre
from sync.http_api.feeds import PLACES, FeedGate
from sync.node.holding import account_for
from sync.node.node import Node
from sync.node.tending import Caretaker
from sync.web.control import listening
from sync.web.serving import serve


def serve_centre(directory: Path, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    ready   called with the URL once the centre answers
    raises  StoreLocked when another process runs it; StorageError when the port cannot be had
    """
    feeds = FeedGate()
    with Node.open(directory) as node:
        centre = build_centre(node, settings)
        app = build_app(centre, feeds)
        caretaker = Caretaker(node, then=lambda: account_for(node))
        caretaker.start()
        try:
            with listening(directory, commands_of(centre)):
                serve(
                    app,
                    settings.host,
                    settings.port,
                    threads=settings.threads + PLACES,
                    ready=lambda port: ready(f"http://{settings.host}:{port}/"),
                    stopping=feeds.close,
                    allow_plain=settings.allow_plain_http,
                )
        finally:
            caretaker.stop()

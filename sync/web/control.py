"""The owner of a data directory takes commands: a small listener on loopback, apart from the public one.

So no proxy and no certificate stands between. Where it listens, and the random token it asks for, stand in
`control.json` in the directory, readable by its user alone; see `sync.web.owner` for who asks.

Must not know: what the commands do.
"""

import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from sync.errors import NotFound, SyncError, Unauthorized
from sync.values.json_text import dump
from sync.version import VERSION
from sync.web.bodies import read_object
from sync.web.new_app import new_app
from sync.web.owner import FILE_NAME, REASON, REMEDY, Command
from sync.web.problems import register_problems
from sync.web.serving import running

_THREADS = 4  # a long run, and whoever looks how far it is
_LARGEST_ARGUMENTS_BYTES = 32 << 20  # a catalogue of five thousand items has some ten


@contextmanager
def listening(directory: Path, commands: Mapping[str, Command], *, group: str = "") -> Iterator[int]:
    """Let commands reach this process, the directory's owner, while the block runs; gives the port.

    commands  {name: function of the arguments}; they run in the listener's threads
    group     the group of `yizhan` that looks after such a node
    """
    token = secrets.token_urlsafe(32)
    path = directory / FILE_NAME
    with running(control_app(token, commands), threads=_THREADS) as port:
        _write(path, {"port": port, "token": token, "pid": os.getpid(), "version": VERSION, "group": group})
        try:
            yield port
        finally:
            path.unlink(missing_ok=True)


def control_app(token: str, commands: Mapping[str, Command]) -> Flask:
    """The listener: `POST /control/<command>` with the token as bearer, arguments and answer as JSON objects."""
    app = new_app(__name__)
    register_problems(app)

    @app.post("/control/<command>")
    def run(command: str) -> Response:
        offered = request.headers.get("Authorization", "")
        if not hmac.compare_digest(offered.encode(), f"Bearer {token}".encode()):
            raise Unauthorized("the token is not the one in control.json")
        if command not in commands:
            raise NotFound(f"the running node has no command {command!r}")
        try:
            told = commands[command](read_object(max_bytes=_LARGEST_ARGUMENTS_BYTES))
        except SyncError as error:
            # An operator is told both, and does what it says: what a disk refuses is no secret from whoever has it.
            error.members = {**error.members, REASON: error.reason, REMEDY: error.remedy}
            raise
        return Response(dump(told), mimetype="application/json")

    return app


def _write(path: Path, value: Mapping[str, Any]) -> None:
    """Appear whole and private from the first moment: written beside, then renamed."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(json.dumps(value).encode("ascii"))
    os.replace(beside, path)

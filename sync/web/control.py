"""Commands reach the process that owns a data directory, or become it.

A directory has one owner. While a server owns it, `control.json` in it (readable by its user alone)
tells the port and a random token of a small listener on loopback, apart from the public one, so that
no proxy and no certificate stands between. `run_or_become` tries to own the directory and, where
someone else does, asks the owner to run the command.

Must not know: what the commands do.
"""

import hmac
import http.client
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from sync.errors import (
    BadRequest,
    LinkDown,
    LinkTimeout,
    NotFound,
    ProtocolError,
    StoreLocked,
    SyncError,
    Unauthorized,
)
from sync.messages import _
from sync.values.json_text import dump, parse_object
from sync.web.bodies import read_object
from sync.web.new_app import new_app
from sync.web.problems import error_of, register_problems
from sync.web.serving import running

FILE_NAME = "control.json"
OPERATOR = "job:command"  # who it was, for the audit: whoever has the directory
# From taking the lock to listening an owner needs well under a second; an old PC some more.
_STARTING_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.1
_COMMAND_SECONDS = 300.0
_THREADS = 4  # a long run, and whoever looks how far it is
_REMEDY = "remedy"  # a member beside those of every refusal
_LARGEST_ARGUMENTS_BYTES = 32 << 20  # a catalogue of five thousand items has some ten

Command = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def listening(directory: Path, commands: Mapping[str, Command]) -> Iterator[int]:
    """Let commands reach this process, the directory's owner, while the block runs; gives the port.

    commands  {name: function of the arguments}; they run in the listener's threads
    """
    token = secrets.token_urlsafe(32)
    path = directory / FILE_NAME
    with running(control_app(token, commands), threads=_THREADS) as port:
        _write(path, {"port": port, "token": token, "pid": os.getpid()})
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
            error.members = {**error.members, _REMEDY: error.remedy}  # the operator does what it says, not a browser
            raise
        return Response(dump(told), mimetype="application/json")

    return app


def run_or_become(
    directory: Path,
    command: str,
    arguments: dict[str, Any],
    become: Callable[[], dict[str, Any]],
    *,
    patience_seconds: float | None = _COMMAND_SECONDS,
) -> dict[str, Any]:
    """Run a command as the directory's owner, or have the owner run it.

    become   opens the directory, runs the command itself and closes it again
    patience_seconds  how long the owner may take; None for as long as it lives
    raises   what the command raises, at whichever side it ran; StoreLocked when the owner takes no
             commands; LinkDown when the owner went away in the middle, and it is unknown how far it came
    """
    deadline = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            return become()
        except StoreLocked:
            owner = _owner(directory)
            answer = call(owner, command, arguments, patience_seconds=patience_seconds) if owner else None
            if answer is not None:
                return answer
            if time.monotonic() > deadline:
                raise
        time.sleep(_LOOK_AGAIN_SECONDS)


def ask_owner(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
    """Have the owner of a directory run a command; None when nobody owns it. Raises what `run_or_become` does."""
    owner = _owner(directory)
    return call(owner, command, arguments) if owner else None


def call(
    owner: Mapping[str, Any],
    command: str,
    arguments: dict[str, Any],
    *,
    patience_seconds: float | None = _COMMAND_SECONDS,
) -> dict[str, Any] | None:
    """Have an owner, by its control.json, run a command; None when nobody listens there any more."""
    connection = http.client.HTTPConnection("127.0.0.1", owner["port"], timeout=patience_seconds)
    try:
        try:
            connection.connect()
        except OSError:
            return None
        headers = {"Authorization": f"Bearer {owner['token']}", "Content-Type": "application/json"}
        connection.request("POST", f"/control/{command}", dump(arguments), headers)
        response = connection.getresponse()
        return _answer(response.status, response.read())
    except TimeoutError:
        raise LinkTimeout(_("The running node did not answer in time"), remedy=_again()) from None
    except (OSError, http.client.HTTPException):
        raise LinkDown(_("The running node went away before it answered"), remedy=_again()) from None
    finally:
        connection.close()


def _answer(status: int, body: bytes) -> dict[str, Any]:
    try:
        value = parse_object(body)
    except BadRequest:
        raise ProtocolError("the running node answered something else than JSON", answer=body) from None
    if status == 200:
        return value
    error = error_of(value)
    error.remedy = str(value.get(_REMEDY, error.remedy))
    raise error


def _again() -> str:
    return _("How far it came is not known. See whether the node runs, then give the command again.")


def _owner(directory: Path) -> dict[str, Any] | None:
    """What control.json says; None while there is none, or none that is whole."""
    try:
        value = json.loads((directory / FILE_NAME).read_bytes())
        return {"port": int(value["port"]), "token": str(value["token"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, value: Mapping[str, Any]) -> None:
    """Appear whole and private from the first moment: written beside, then renamed."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(json.dumps(value).encode("ascii"))
    os.replace(beside, path)

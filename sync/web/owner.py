"""Commands reach the process that owns a data directory, or become it.

A directory has one owner. While a server owns it, `control.json` in it (readable by its user alone) tells the port and
a random token of a small listener on loopback (`sync.web.control`). `run_or_become` asks the owner to run the command,
and where there is none owns the directory itself: what a running node answers is answered without loading one.

Must not know: what the commands do, how the owner listens.
"""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sync.errors import BadRequest, LinkDown, LinkTimeout, ProtocolError, StoreLocked
from sync.messages import _
from sync.store.lock import is_owned
from sync.values.json_text import dump, parse_object
from sync.web.problem_table import error_of

FILE_NAME = "control.json"
OPERATOR = "job:command"  # who it was, for the audit: whoever has the directory
REASON, REMEDY = "reason", "remedy"  # members beside those of every refusal
# From taking the lock to listening an owner needs well under a second; an old PC some more.
_STARTING_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.1
_COMMAND_SECONDS = 300.0

Command = Callable[[dict[str, Any]], dict[str, Any]]


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
        answer = ask_owner(directory, command, arguments, patience_seconds=patience_seconds)
        if answer is not None:
            return answer
        try:
            return become()
        except StoreLocked:
            if time.monotonic() > deadline:
                raise
        time.sleep(_LOOK_AGAIN_SECONDS)


def ask_owner(
    directory: Path, command: str, arguments: dict[str, Any], *, patience_seconds: float | None = _COMMAND_SECONDS
) -> dict[str, Any] | None:
    """Have the owner of a directory run a command; None when nobody owns it, or takes commands. Raises what
    `run_or_become` does.
    """
    owner = _owner(directory)
    return call(owner, command, arguments, patience_seconds=patience_seconds) if owner else None


def said_by_owner(directory: Path) -> tuple[str, str]:
    """(the version of the program that owns a directory, the group of `yizhan` that looks after it).

    "" where nobody owns it, or it does not say.
    """
    owner = _owner(directory)
    return (owner["version"], owner["group"]) if owner else ("", "")


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
    error = error_of({**value, "detail": value.get(REASON, value.get("detail", ""))})
    error.remedy = str(value.get(REMEDY, error.remedy))
    raise error


def _again() -> str:
    return _("How far it came is not known. See whether the node runs, then give the command again.")


def _owner(directory: Path) -> dict[str, Any] | None:
    """What control.json says; None while there is none, or none that is whole, or nobody owns the directory."""
    try:
        value = json.loads((directory / FILE_NAME).read_bytes())
        # One that was killed leaves its file, and by now somebody else may listen at that port.
        if not is_owned(directory):
            return None
        said = {name: str(value.get(name, "")) for name in ("version", "group")}
        return {"port": int(value["port"]), "token": str(value["token"]), **said}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None

"""The kinds of refusal: for each error of `sync.errors` its name, its HTTP status, and what the person may do.

Must not know: HTTP beyond statuses, pages; a short command asks it, and loads no web framework for it.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import (
    BadRequest,
    Conflict,
    Damaged,
    DiskFull,
    FileExists,
    Forbidden,
    Invalid,
    LinkDown,
    LinkError,
    LinkTimeout,
    NotAllowed,
    NotFound,
    NotOffered,
    PageExpired,
    PeerBusy,
    ProtocolError,
    Refused,
    StorageError,
    StoreLocked,
    StoreUnreachable,
    SyncError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    UnsupportedType,
    WrongPeer,
)
from sync.messages import N_
from sync.typed import Value


class Problem(Value):
    """One kind of refusal: its stable name, HTTP status, title, and what the person may do."""

    name: str
    status: int
    title: str  # a message, as `advice` is; `sync.web.problems.problem_of` gives their texts
    advice: str

    @property
    def type(self) -> str:
        """The URI that names this kind and never changes (RFC 9457, 3.1.1)."""
        return f"urn:yizhan:problem:{self.name}"


UNFORESEEN = Problem(
    "unforeseen",
    500,
    N_("Something went wrong"),
    N_("Try again later; if it does not help, tell an administrator the reference below."),
)

PROBLEMS: Mapping[type[SyncError], Problem] = {
    Invalid: Problem(
        "invalid", 422, N_("Something is not filled in rightly"), N_("Correct what is marked and hand it in again.")
    ),
    BadRequest: Problem(
        "bad-request", 400, N_("The request was not understood"), N_("Go back a page, check it and hand it in again.")
    ),
    Unauthorized: Problem("unauthorized", 401, N_("Sign-in needed"), N_("Sign in and try again.")),
    Forbidden: Problem(
        "forbidden",
        403,
        N_("Not allowed"),
        N_("Your account may not do this; if you need it, ask the head of the station or an administrator."),
    ),
    PageExpired: Problem(
        "page-expired",
        403,
        N_("The page has expired"),
        N_(
            "Nothing was done. Perhaps somebody else has signed in, or the password was changed: go back, load the "
            "page again and hand it in again."
        ),
    ),
    NotFound: Problem(
        "not-found", 404, N_("Not found"), N_("Check the address or number, or search again from the first page.")
    ),
    NotAllowed: Problem(
        "not-allowed",
        405,
        N_("This cannot be done here"),
        N_("Come here by the buttons of the pages, not by typing an address."),
    ),
    Conflict: Problem("conflict", 409, N_("It changed meanwhile"), N_("Load it again and work on what is new.")),
    FileExists: Problem("exists", 412, N_("It exists already"), N_("Choose another name.")),
    TooLarge: Problem("too-large", 413, N_("Too large"), N_("Hand in less, or make the pictures smaller first.")),
    UnsupportedType: Problem(
        "unsupported-type",
        415,
        N_("Type of content not supported"),
        N_("Send the type that the description of the API names."),
    ),
    TooManyRequests: Problem(
        "too-many-requests", 429, N_("Too many requests"), N_("Nothing was done, try again after a while.")
    ),
    Refused: Problem(
        "refused",
        400,
        N_("It was refused"),
        N_("Repeating it unchanged does not help; check it, or ask an administrator."),
    ),
    NotOffered: Problem("not-offered", 501, N_("Not offered"), N_("This is not offered yet.")),
    PeerBusy: Problem("peer-busy", 503, N_("The other side is busy"), N_("Try again later; what was kept is safe.")),
    LinkTimeout: Problem(
        "link-timeout",
        504,
        N_("The network timed out"),
        N_("What was kept is on this machine and is sent up by itself once the network is back."),
    ),
    LinkDown: Problem(
        "link-down",
        502,
        N_("No network"),
        N_("What was kept is on this machine and is sent up by itself once there is a link."),
    ),
    LinkError: Problem(
        "link",
        502,
        N_("No network"),
        N_("What was kept is on this machine and is sent up by itself once there is a link."),
    ),
    WrongPeer: Problem(
        "wrong-peer",
        502,
        N_("The other side is not the node above"),
        N_("Nothing was sent to it. Check the address above; if the device there was replaced, ask the centre."),
    ),
    ProtocolError: Problem(
        "protocol", 502, N_("The other side answered wrongly"), N_("Ask an administrator to check the other node.")
    ),
    DiskFull: Problem(
        "disk-full",
        507,
        N_("The disk is full"),
        N_("This was not kept. Ask an administrator to free the disk, then hand it in again."),
    ),
    StoreLocked: Problem("store-locked", 503, N_("The data is in use"), N_("Try again later.")),
    Damaged: Problem(
        "damaged",
        500,
        N_("The file of data is damaged"),
        N_("Stop using it and tell an administrator at once; do not switch it off or delete files."),
    ),
    StoreUnreachable: Problem(
        "store-unreachable",
        503,
        N_("The document store cannot be reached for the moment"),
        N_(
            "Old cases cannot be opened for the moment and this was not kept; try again later. New applications "
            "are kept on this machine and written once the document store is back."
        ),
    ),
    StorageError: Problem("storage", 500, N_("It was not kept"), N_("This was not kept, tell an administrator.")),
    SyncError: UNFORESEEN,
}


def row_of(kind: type[BaseException], table: Mapping[type[SyncError], Problem] = PROBLEMS) -> Problem:
    """The row of a class of errors, or of the nearest above it; its words are messages still."""
    return next((table[above] for above in kind.__mro__ if above in table), UNFORESEEN)


def error_of(members: Mapping[str, Any]) -> SyncError:
    """The error that a problem details object of ours amounts to, for raising on the other side."""
    kinds = {problem.type: kind for kind, problem in PROBLEMS.items()}
    kind = kinds.get(str(members.get("type")), SyncError)
    detail = str(members.get("detail", ""))
    if kind is Invalid:
        errors = members.get("errors") or ()
        return Invalid(detail, fields=[(str(e["field"]), str(e["message"])) for e in errors])
    return kind(detail)

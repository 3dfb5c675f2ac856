"""Why the road up is broken, for whoever sits at a desk, and what an operator can do about it.

The words of the network's own parts are English, and for the log. A peer is heard in Chinese alone, and not where it
breaks the protocol: then it may say what it likes.

Must not know: how it is shown, where a failure is kept.
"""

import re

from sync.errors import SyncError
from sync.messages import N_, _, is_readable
from sync.node.road.failing import Kind, failure_of
from sync.store.ledger.contacts import Failure

_TOLD = {
    Kind.LINK: N_("No link to the level above"),
    Kind.BUSY: N_("The level above is busy and asks us to come back later"),
    Kind.NO_ROOM: N_("The level above has no room on its disk and takes in nothing for now"),
    Kind.FULL: N_("The disk of this machine is full, nothing can be synchronised"),
    Kind.DISK: N_("The disk of this machine or its file of data refused, nothing can be synchronised"),
    Kind.REFUSED: N_("The level above refused this station, it does not take its signature or certificate"),
    Kind.WRONG_PEER: N_("What answers at the address of the level above is not the node above"),
    Kind.STRANGER: N_(
        "What answers at the address of the level above makes no sense: a login page, another program, or a fault there"
    ),
    Kind.NOT_TAKEN: N_("The level above did not take this synchronisation"),
    "": N_("The last synchronisation failed"),  # kept by a version that noted no kind
}
_ADVICE = {
    Kind.LINK: N_(
        "What was kept is on this machine and goes up by itself once there is a link. See whether the network works "
        "and whether the address above is right; yizhan edge upstream changes it."
    ),
    Kind.BUSY: N_("It is tried again by itself; what was kept is safe."),
    Kind.NO_ROOM: N_(
        "Ask who runs the level above to free its disk; what was kept here is safe and goes up by itself."
    ),
    Kind.FULL: N_("Free space on the disk; it goes on by itself, and what was kept is safe."),
    Kind.DISK: N_(
        "See whether the disk, or the CouchDB that keeps the documents, is in order and may be written; what was kept "
        "is on this machine."
    ),
    Kind.REFUSED: N_(
        "Ask the centre whether this station is still certified, and see whether the clock here is right."
    ),
    Kind.WRONG_PEER: N_(
        "Nothing was sent to it. Check the address above; if the device there was replaced, ask the centre."
    ),
    Kind.STRANGER: N_(
        "Open any page with a browser on this machine: perhaps the network wants a login. Else check the address "
        "above, and ask who runs the level above to look at it."
    ),
    Kind.NOT_TAKEN: N_("Check the address above, and ask who runs the level above to look at its log."),
}
# Of these nothing but the kind is told, whatever was said.
_SPEAK_FOR_THEMSELVES = (Kind.NO_ROOM, Kind.FULL, Kind.STRANGER)
# What `sync.remote` says of a broken link, and what it is at a desk.
_BROKEN = {
    "nobody listens there": N_("nothing runs there now, or its address is another"),
    "was silent for": N_("it did not answer for too long"),
    "the connection was reset": N_("the connection broke on the way"),
    "the connection broke": N_("the connection broke on the way"),
    "there is no machine by that name": N_("there is no machine by the name in its address"),
    "does not show the certificate that we trust": N_("another machine answers at its address"),
    "no TLS is spoken there": N_("another program answers at its address"),
}
_PLACE = re.compile(r"https?://\S+?(?=: | |$)")  # the address such a reason begins with
_ANSWERED = re.compile(r" answered (\d{3})\b")  # without a word of a node's or CouchDB's
_LONGEST = 200


def failure_text(failure: Failure) -> str:
    """What is wrong, in a sentence without English; the address that was called may stand in it."""
    reason, kind = failure.reason, failure.kind
    place = _PLACE.match(reason)
    own = reason[place.end() :] if place else reason  # a host may have a name in Chinese
    if is_readable(own) and kind not in _SPEAK_FOR_THEMSELVES:
        return reason[:_LONGEST]
    words = next((_(message) for known, message in _BROKEN.items() if known in own), "")
    answered = _ANSWERED.match(own)
    if answered:
        words = _("it answered %(status)s", status=answered[1])
    elif words and kind == "":
        kind = Kind.LINK
    told = _(_TOLD[kind if kind in _TOLD else ""])
    detail = _("%(name)s: %(sentence)s", name=place[0], sentence=words) if place and words else words
    detail = detail or (place[0] if place else "")
    return _("%(what)s (%(reason)s)", what=told, reason=detail) if detail else told


def for_operator(error: SyncError) -> SyncError:
    """The error that ended a run, in words for who gave the command; what a node of ours said in Chinese stays."""
    failure = failure_of(error)
    if not is_readable(error.remedy):
        error.remedy = _(_ADVICE[Kind(failure.kind)])
    error.args = (failure_text(failure),)
    return error

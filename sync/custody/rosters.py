"""Rosters: a node says what the people are called who sign in there, so that elsewhere, too, an act has a name to it.

    {"version": 1, "writer": …, "station": "k3m7q", "issue": 3, "people": [["wang", "王芳"], …]}

An event names an account, and every station may have its own `wang`: so a name is looked up at the station the event
was written at. Whose account was closed stays on the roster, for what he did stays, too. Of two of one signer the later
issue stands.

Must not know: by which road it travels, what an account may do, how a name is shown.
"""

from collections.abc import Iterable, Sequence

from sync.custody.shapes import count_of, read_payload, text_of, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.errors import BadRequest
from sync.records.ids import is_sid
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

ROSTER = "roster"
MOST_PEOPLE = 200  # of a node: some 6 kB; a township has a dozen
_LONGEST = 64
_MEMBERS = frozenset(("writer", "station", "issue", "people"))


class Roster(Value):
    """Who signs in at a station: ((account, what the person is called), …), by account."""

    writer: str
    station: str
    issue: int
    people: tuple[tuple[str, str], ...]


def listed(people: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of (account, name) that a roster has room for, as it lists them; who has no name is left out."""
    fitting = (one for one in people if all(0 < len(text) <= _LONGEST and text.isprintable() for text in one))
    return tuple(sorted(fitting)[:MOST_PEOPLE])


def make_roster(pair: KeyPair, station: str, issue: int, people: Sequence[tuple[str, str]]) -> Signed:
    """Sign who signs in at a station; `people` as `listed` gives them."""
    rows = [list(one) for one in people]
    return state(pair, ROSTER, {"writer": pair.writer, "station": station, "issue": issue, "people": rows})


def verify_roster(signed: Signed, *, public_key: bytes) -> Roster:
    """What a roster says.

    raises  Unauthorized unless its writer signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, ROSTER, public_key=public_key)
    told = read_roster(signed.payload)
    require_own(signed, told.writer)
    return told


def read_roster(payload: bytes) -> Roster:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    station, rows = text_of(body, "station"), body["people"]
    if not is_sid(station) or not isinstance(rows, list):
        raise BadRequest("a roster of another shape than it has")
    people = tuple(_person(one) for one in rows)
    if listed(people) != people or len({account for account, _name in people}) < len(people):
        raise BadRequest("a roster lists everybody once, by account, and not more than it has room for")
    return Roster(writer_of(body, "writer"), station, count_of(body, "issue", least=1), people)


def _person(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or [type(one) for one in value] != [str, str]:
        raise BadRequest("somebody on a roster is an account and a name")
    account, name = value
    return account, name

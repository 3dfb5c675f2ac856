"""Update sequences as text: `<n>-<token>`, where the token ties them to one epoch of one store.

All databases of a node share one counter. A sequence of another epoch (the store was restored) or
beyond the counter says nothing about this store, so whoever brings it starts from the beginning:
reading twice is harmless, missing a change is not.

Must not know: where counter and epoch are kept.
"""

from sync.errors import BadRequest
from sync.typed import Value
from sync.values.changes import START

NOW = "now"
_TOKEN_LENGTH = 12  # hex digits of the epoch: enough to tell a handful of epochs apart


class Sequences(Value):
    """The sequences of one epoch, up to its counter."""

    epoch: str
    counter: int

    def text(self, number: int) -> str:
        """A number as the sequence others are given."""
        return f"{number}-{self.epoch[:_TOKEN_LENGTH]}"

    def number(self, since: str) -> int:
        """The number after which a feed continues.

        since    a sequence once given, START, or `now`
        returns  0 for START, another epoch, and a number not reached yet
        raises   BadRequest when it is no sequence at all
        """
        if since == START:
            return 0
        if since == NOW:
            return self.counter
        digits, dash, token = since.partition("-")
        if not (dash and token and len(digits) <= 18 and digits.isascii() and digits.isdigit()):
            raise BadRequest("Malformed sequence supplied in 'since' parameter.")
        number = int(digits)
        return number if token == self.epoch[:_TOKEN_LENGTH] and number <= self.counter else 0

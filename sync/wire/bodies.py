"""The bodies of one direction of an exchange: whole in shorthand, or against a version that the receiver holds.

A body means something only behind those before it, for it speaks of their events. So where one could not be read, none
behind it is: what they spoke of would be mistaken for something else.

Against a former version is shorter from the first edit on: alone in its stream, a case with one field edited is 260
bytes for 425 with one event before, 146 for 568 with twenty; among sixty others, 95 for 120.

Must not know: frames, what the bodies are.
"""

from sync.errors import BadRequest
from sync.wire.deltas import pack_against, unpack_against
from sync.wire.shorthand import Shorthand


class Bodies:
    """One end of one direction. Guards that both ends have the same bodies behind them."""

    def __init__(self) -> None:
        self._shorthand = Shorthand()
        self._is_lost = False
        self.gone_through = 0  # bytes of what was read, and of what that was told against

    def write(self, body: bytes, *, base: bytes | None = None) -> bytes:
        """A body as it is sent.

        base  what the receiver holds, byte for byte; None to send the whole
        """
        if base is None:
            return self._shorthand.write(body)
        held = self._shorthand.write(base)
        return pack_against(held, self._shorthand.write(body))

    def read(self, told: bytes, *, base: bytes | None = None) -> bytes:
        """The body that was sent; every one is read, in their order.

        base    what the sender said it was told against
        raises  BadRequest when it cannot be read, or one before it could not
        """
        if self._is_lost:
            raise BadRequest("a body before this one could not be read, and it speaks of that")
        try:
            if base is not None:
                self.gone_through += len(base)
                told = unpack_against(self._shorthand.write(base), told)
            body = self._shorthand.read(told)
            self.gone_through += len(body)
            return body
        except BadRequest:
            self._is_lost = True
            raise

"""How many of the threads that answer each machine may keep busy, so that none keeps the others from being answered.

One phone that sends a hundred and fifty forms, a byte of each now and then, would otherwise hold every thread of a
station for as long as it likes, the clerk's own browser's with them.

Whoever comes takes at most half of what the others leave, and always one: so there is room for who comes next, and
hundreds of villages with a request each are answered as before, one when another has been. This machine itself is not
counted: its programs, a proxy among them, speak for many. And some threads are never anybody else's: a phone takes a
hundred addresses as easily as one, and the browser at the desk has to be answered all the same.

Must not know: threads, connections, what is asked.
"""

from collections import Counter

# One of so many threads is left to this machine, and one at the least: a browser at the desk asks few things at once.
_LEFT_TO_US = 16

HERE = ("", "127.0.0.1", "::1")  # "": nobody's, such as the word that a thread shall end


class Shares:
    """Who keeps how many busy. Holds no lock of its own."""

    def __init__(self, most: int) -> None:
        """`most` threads there may be."""
        self._most = most - max(1, most // _LEFT_TO_US) if most > 1 else most
        self._busy: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether nobody is given one more until one is given back."""
        return self._busy.total() >= self._most

    def take(self, address: str) -> bool:
        """One more for a machine; False when it has to wait until some is given back."""
        if address in HERE:
            return True
        mine = self._busy[address]
        if self.is_full:
            return False
        left_by_others = self._most - self._busy.total() + mine
        if mine and mine + 1 > left_by_others // 2:
            return False
        self._busy[address] += 1
        return True

    def hold(self, address: str) -> None:
        """One more, whether or not there is room: it is under way."""
        if address not in HERE:
            self._busy[address] += 1

    def give_back(self, address: str) -> None:
        """One less."""
        if address in HERE:
            return
        self._busy[address] -= 1
        if not self._busy[address]:
            del self._busy[address]

"""The rule of an address: compiled to be matched at once, and to be built from when that is first asked.

Werkzeug compiles two functions for each rule so that addresses can be built from it. A node has some four hundred
rules and builds addresses from a few; compiling them all is half a second of every start on a village's PC.

Must not know: which addresses there are.
"""

from collections.abc import Callable
from typing import Any

from werkzeug import routing


class Rule(routing.Rule):
    """Werkzeug's rule, whose functions that build are compiled when they are first called."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return Rule._first_with_more if append_unknown else Rule._first

    def _first(self, /, **values: Any) -> tuple[str, str]:
        self._build = super()._compile_builder(False).__get__(self, None)
        return self._build(**values)

    def _first_with_more(self, /, **values: Any) -> tuple[str, str]:
        self._build_unknown = super()._compile_builder(True).__get__(self, None)
        return self._build_unknown(**values)

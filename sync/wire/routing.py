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
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: routing.Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(Rule, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build

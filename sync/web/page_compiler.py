"""The process that compiles pages: what they are at its standard input, their code at its standard output.

    python -m sync.web.page_compiler

    input   a line of JSON that describes the environment (`description`), then one for each `Page`
    output  for each page: four bytes of length, the greatest first, and what its bucket becomes

It ends where its input does. Must not know: who starts it, what filters do.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from jinja2 import Environment
from jinja2.bccache import Bucket
from jinja2.nodes import Impossible

LENGTH_BYTES = 4
_NICER = 10  # whoever works at the desk comes first


class Page(NamedTuple):
    """A page to be compiled; key and checksum are those of its bucket."""

    name: str
    file: str | None
    source: str
    key: str
    checksum: str


def main() -> None:
    """Compile what comes in."""
    if hasattr(os, "nice"):
        os.nice(_NICER)
    lines = sys.stdin.buffer
    env = environment(json.loads(lines.readline()))
    for page in (Page(*json.loads(line)) for line in lines):
        bucket = Bucket(env, page.key, page.checksum)
        bucket.code = env.compile(page.source, page.name, page.file)
        code = bucket.bytecode_to_string()
        sys.stdout.buffer.write(len(code).to_bytes(LENGTH_BYTES, "big") + code)
        sys.stdout.buffer.flush()


def line_of(told: object) -> bytes:
    """A line of the input."""
    return json.dumps(told).encode() + b"\n"


def description(env: Environment) -> dict[str, Any]:
    """What a page's code depends on, besides the page; of an environment that escapes in every page."""
    bare = Environment()
    return {
        "extensions": sorted(env.extensions),
        "newstyle_gettext": bool(getattr(env, "newstyle_gettext", False)),
        "filters": sorted(env.filters.keys() - bare.filters.keys()),
        "tests": sorted(env.tests.keys() - bare.tests.keys()),
    }


def environment(told: Mapping[str, Any]) -> Environment:
    """The environment that was described."""
    env = Environment(extensions=told["extensions"], autoescape=True)
    vars(env)["newstyle_gettext"] = told["newstyle_gettext"]
    for table, names in ((env.filters, told["filters"]), (env.tests, told["tests"])):
        table.update(dict.fromkeys(names, _only_when_drawn))
    return env


def _only_when_drawn(*_: object) -> NoReturn:
    """In place of a filter. Jinja tries them on what is constant, and leaves it where one raises."""
    raise Impossible


if __name__ == "__main__":
    main()

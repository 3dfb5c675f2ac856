"""What the command line asks of the centre's catalogue, by name.

Must not know: the command line, HTTP.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.casework.describe_catalogue import describe_catalogue
from sync.errors import Invalid
from sync.node.node import Node
from sync.node.publishing import Difference, compare, count_drafts, draft_withdrawal, drafted, publish
from sync.records.brought_file import few_of
from sync.web.owner import OPERATOR, Command


def catalogue_answers(node: Node) -> Mapping[str, Command]:
    """{name: function of the arguments} for `catalogue-check`, `-import`, `-withdraw`, `-publish` and `-show`."""

    def check(arguments: dict[str, Any]) -> dict[str, Any]:
        return _told(lambda: compare(node, arguments["text"].encode()))

    def import_(arguments: dict[str, Any]) -> dict[str, Any]:
        return _told(lambda: drafted(node, arguments["text"].encode(), by=OPERATOR))

    def withdraw(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"name": draft_withdrawal(node, arguments["code"], by=OPERATOR)}

    def release(arguments: dict[str, Any]) -> dict[str, Any]:
        made = publish(node, by=OPERATOR)
        return {"release": made.number if made else 0, "entries": len(made.digests) if made else 0}

    def show(arguments: dict[str, Any]) -> dict[str, Any]:
        return {**describe_catalogue(node), "drafts": count_drafts(node)}

    return {
        "catalogue-check": check,
        "catalogue-import": import_,
        "catalogue-withdraw": withdraw,
        "catalogue-publish": release,
        "catalogue-show": show,
    }


def _told(work: Callable[[], Difference]) -> dict[str, Any]:
    try:
        found = work()
    except Invalid as error:
        problems = [sentence for _, sentence in error.fields]
        return {"problems": few_of(problems), "faults": len(problems), "new": [], "changed": [], "unchanged": 0}
    return {"problems": [], "new": list(found.new), "changed": list(found.changed), "unchanged": found.unchanged}

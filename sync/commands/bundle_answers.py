"""What a node answers to `yizhan bundle`, in the process that owns its directory.

A transfer may take longer than anybody waits for one answer: it is begun, and asked about until it has ended.

Must not know: what a station or a centre is, the command line.
"""

from collections.abc import Mapping
from typing import Any

from sync.carrying.transfers import Transfers
from sync.commands.file_paths import read_path
from sync.web.owner import OPERATOR, Command

_SECONDS_TO_AN_ANSWER = 1.0


def bundle_answers(transfers: Transfers) -> Mapping[str, Command]:
    """{name: function of the arguments}."""

    def export(arguments: dict[str, Any]) -> dict[str, Any]:
        job = transfers.export(
            arguments["to"],
            read_path(arguments["directory"]),
            by=OPERATOR,
            volume_bytes=arguments["volume_bytes"],
            photo_bytes=arguments["photo_bytes"],
            everything=arguments["everything"],
        )
        return await_job({"job": job.id})

    def take_in(arguments: dict[str, Any]) -> dict[str, Any]:
        job = transfers.take_in([read_path(path) for path in arguments["paths"]], by=OPERATOR)
        return await_job({"job": job.id})

    def look_into(arguments: dict[str, Any]) -> dict[str, Any]:
        # Here and not above, as in `sync/carrying/transfers.py`.
        from sync.carrying.inspecting import inspect

        return inspect(transfers.node, read_path(arguments["path"]))

    def await_job(arguments: dict[str, Any]) -> dict[str, Any]:
        return transfers.await_job(arguments["job"], seconds=_SECONDS_TO_AN_ANSWER).told()

    return {
        "bundle-export": export,
        "bundle-import": take_in,
        "bundle-inspect": look_into,
        "bundle-job": await_job,
    }

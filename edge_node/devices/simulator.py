"""A reader of ID cards that is none: the same HTTP service, with an invented card that is put on it and taken off.

    GET     /card   what lies on it, as `http_reader` reads it; POST too, and only that, where a mapping says so
    PUT     /card   put a card on it: {"name", "citizenId", …}; what is left out is invented
    DELETE  /card   take it off

For tests, demonstrations, and an installer who has no reader yet.

Must not know: who reads it.
"""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from edge_node.devices.reader_mapping import DEFAULT, ReaderMapping
from edge_node.messages import _
from sync.web.new_app import new_app
from sync.web.serving import serve

# 990281 is no county, so this is nobody.
INVENTED = {
    "name": "示例张桂兰",  # data
    "sex": "女",  # data
    "nation": "汉",  # data
    "birthday": "19410315",
    "address": "青溪县柳河镇石桥村3组18号",  # data
    "citizenId": "990281194103150025",
    "issueOrgan": "青溪县公安局",  # data
    "validDateStart": "20160315",
    "validDateEnd": "长期",  # data
}
_NOT_READ = "没有放卡"  # data: no vendor's word for a card that was read


class Simulator:
    """What lies on the reader; None for nothing. Guards that it is one card at a time."""

    def __init__(self, card: dict[str, Any] | None = None, *, mapping: ReaderMapping = DEFAULT) -> None:
        """`mapping`, of the vendor whose program it speaks like."""
        self._card = card
        self.mapping = mapping
        self._lock = threading.Lock()

    def put(self, card: dict[str, Any] | None) -> None:
        """Put a card on it, or take it off."""
        with self._lock:
            self._card = None if card is None else {**INVENTED, **card}

    def answer(self) -> dict[str, Any]:
        """What is told of it."""
        mapping = self.mapping
        with self._lock:
            card = None if self._card is None else dict(self._card)
        if card is None and not mapping.ok:
            return {}
        answer: dict[str, Any] = {"message": _NOT_READ if card is None else ""}
        if mapping.ok:
            _put(answer, mapping.ok, mapping.ok_values[0] if card is not None else _NOT_READ)
        for name, value in (card or {}).items():
            theirs = mapping.names.get(name)
            if theirs:
                _put(answer, f"{mapping.under}.{theirs}" if mapping.under else theirs, value)
        return answer


def _put(answer: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for name in above:
        answer = answer.setdefault(name, {})
    answer[last] = value


def run_simulator(port: int, *, is_empty: bool, mapping: ReaderMapping, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C.

    port   0 takes any free one
    ready  called with the address to read from
    """
    app = build_simulator(Simulator(None if is_empty else dict(INVENTED), mapping=mapping))
    serve(app, "127.0.0.1", port, threads=2, ready=lambda real: ready(f"http://127.0.0.1:{real}/card"))


def build_simulator(simulator: Simulator) -> Flask:
    """The service."""
    app = new_app(__name__)

    def read() -> ResponseReturnValue:
        return jsonify(simulator.answer())

    def put() -> ResponseReturnValue:
        sent = request.get_json(silent=True)
        if not isinstance(sent, dict):
            return jsonify({"code": 2, "message": _("This has to be a JSON object")}), 400
        simulator.put(sent)
        return "", 204

    def take_off() -> ResponseReturnValue:
        simulator.put(None)
        return "", 204

    app.add_url_rule("/card", "read", read, methods=[simulator.mapping.method])
    app.add_url_rule("/card", "put", put, methods=["PUT"])
    app.add_url_rule("/card", "take_off", take_off, methods=["DELETE"])
    return app

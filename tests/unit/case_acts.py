"""What may be sent to each route of a case, in order: whatever is refused then, is not for its shape."""

from typing import Any

_MORE: dict[str, dict[str, Any]] = {
    "decision": {"decision": "approve"},
    "notice": {"gaps": [{"material": "户口簿", "what": "缺首页"}]},
    "opinion": {"opinion": "材料属实"},
    "forwarding": {"to": "county"},
    "special": {"kind": "公示", "basis": "实施清单", "days": "5W"},
    "delivery": {"method": "pickup", "receiver": "王秀兰"},
    "authority": {
        "agent_name": "李四",
        "agent_id_number": "990281194103150025",
        "scope": "代为申请",
        "until": "2099-12-31",
        "signed": "signature",
    },
    "step": {"step": "受理"},
    "passing": {"assignee": "li"},
    "parked": {"take": True},
    "correction": {"fields": {"phone": "13912340000"}},
    "settlement": {"choices": {"phone": "x" * 43}},
}


def lawful(act: str) -> dict[str, Any]:
    """A body for an act."""
    return {"reason": "补正", **_MORE.get(act, {})}

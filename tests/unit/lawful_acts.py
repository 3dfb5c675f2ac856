"""What may be sent to each act on a case, a person or a bag: whatever is refused then, is not for its shape."""

from typing import Any

NOBODY = "person:k3m7q-aaaaaaaaaaaaaaaa"

_MORE: dict[str, dict[str, Any]] = {
    "decision": {"decision": "approve"},
    "notice": {"gaps": [{"material": "户口簿", "what": "缺首页"}]},
    "opinion": {"opinion": "材料属实"},
    "forwarding": {"to": "county"},
    "special": {"kind": "公示", "basis": "实施清单", "days": "5W"},
    "delivery": {"method": "pickup", "receiver": "本人"},
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
    # of people
    "correct": {"phone": "15400000001"},
    "verify": {"phone": "15400000002", "proof": "manual"},
    "household": {"action": "found", "role": "head"},
    "relations": {"person": NOBODY, "kind": "child", "until": "2026-01-01", "means": "oral"},
    "consents": {"kind": "processing", "means": "signature"},
    "merge": {"into": NOBODY},
    # of bags
    "handing": {"giver": "王春梅", "carrier": "赵师傅"},
    "taking": {"found": [1], "taker": "李审核", "bringer": "赵师傅"},
    "finding": {"found": [1], "finder": "李审核"},
    "giving-back": {"returner": "李审核", "carrier": "赵师傅"},
}


def lawful(act: str) -> dict[str, Any]:
    """A body for an act."""
    return {"reason": "补正", **_MORE.get(act, {})}

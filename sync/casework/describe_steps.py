"""What the steps of a case have set beside the form, as screens and papers call it.

Must not know: who asks.
"""

from collections.abc import Mapping
from typing import Any

from sync.casework.deliver_case import METHODS
from sync.casework.describe_case import LEVEL_NAMES
from sync.records.events import Event
from sync.records.masks import masked

# What stands in a case for clocks and notices, and is told there.
TOLD_ELSEWHERE = frozenset(("gaps", "special_days", "special_unit"))
LABELS: Mapping[str, str] = {
    "assignee": "经办人",
    "forwarded_to": "上报到",
    "supplement_due": "补正期限",
    "tolerance_materials": "容缺材料",
    "tolerance_due": "容缺补齐期限",
    "special_kind": "特别程序",
    "special_basis": "特别程序依据",
    "authority": "委托权限",
    "agent_name": "代办人姓名",
    "agent_id_number": "代办人公民身份号码",
    "witness_name": "见证人",
    "delivery_method": "送达方式",
    "receiver_name": "签收人",
    "remedy": "救济途径",
}


def step_value(name: str, value: Any) -> Any:
    """A field as a screen shows it, people masked."""
    if name == "authority" and isinstance(value, dict):
        return f"{value.get('scope', '')}，到 {value.get('until', '')}"
    if name == "delivery_method":
        return METHODS.get(str(value), value)
    if name == "forwarded_to":
        return LEVEL_NAMES.get(str(value), value)
    if name == "assignee":
        return str(value).removeprefix("acct:")
    if isinstance(value, list):
        return "、".join(map(str, value))
    return masked(name, value)


def said_by(event: Event) -> list[str]:
    """What an event says in its fields that belongs beside its note: gaps, opinions, steps, to whom and how."""
    gaps = event.set.get("gaps")
    if event.type == "supplement_asked" and isinstance(gaps, list):
        told = [(str(one.get("material", "")), str(one.get("what", ""))) for one in gaps if isinstance(one, dict)]
        return [f"{material}：{what}" if material else what for material, what in told]
    if event.type == "tolerated":
        materials = step_value("tolerance_materials", event.set.get("tolerance_materials", ""))
        return [f"{materials}，{event.set.get('tolerance_due', '')} 前补齐"]
    if event.type == "special_started":
        return [f"{event.set.get('special_kind', '')}，依据：{event.set.get('special_basis', '')}"]
    if event.type == "passed_on":
        return [f"转给 {step_value('assignee', event.set.get('assignee', ''))}"]
    if event.type == "delivered" and "delivery_method" in event.set:
        return [str(step_value("delivery_method", event.set["delivery_method"]))]
    return [str(event.set[name]) for name in ("opinion", "step", "case_number") if name in event.set]

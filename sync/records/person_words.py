"""What the codes in a person's record are called, and which there are now.

A record may hold a code that a newer version wrote; it is shown as it is.

Must not know: what is done with them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sync.records.person_table import PERSON_2

SOURCES: Mapping[str, str] = MappingProxyType({"card": "读卡", "camera": "拍照", "hand": "手输"})
PROOFS: Mapping[str, str] = MappingProxyType(
    {"unverified": "未核验", "manual": "人工核验", "card": "读卡", "face": "人像比对"}
)
ROLES: Mapping[str, str] = MappingProxyType(
    {"head": "户主", "spouse": "配偶", "child": "子女", "parent": "父母", "other": "其他"}
)
RELATIONS: Mapping[str, str] = MappingProxyType(
    {"parent": "父母", "child": "子女", "spouse": "配偶", "guardian": "监护人", "other": "其他亲属"}
)
ERRAND = "errand"
CONSENTS: Mapping[str, str] = MappingProxyType(
    {
        "processing": "办件信息处理同意",
        "sensitive": "敏感信息单独同意",
        "economic": "家庭经济状况核对授权",
        "family": "亲情绑定",
        ERRAND: "代办委托",
    }
)
MEANS: Mapping[str, str] = MappingProxyType({"signature": "签字", "fingerprint": "指纹", "oral": "口头"})
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": "姓名",
        "cert_kind": "证件种类",
        "cert_number": "证件号码",
        "sex": "性别",
        "birthday": "出生日期",
        "address": "现居住地址",
        "phone": "联系电话",
        "bank_account": "银行账号",
        "source": "信息来源",
        "proof": "核验方式",
    }
)


def person_state_name(code: str) -> str:
    """What screens call a person's state."""
    state = PERSON_2.states.get(code)
    return state.chinese if state else code


def person_act_name(event_type: str) -> str:
    """What screens call an act on a person."""
    act = PERSON_2.acts.get(event_type)
    return act.chinese if act else event_type

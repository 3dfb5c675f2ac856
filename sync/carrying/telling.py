"""What is in a volume, in words.

Must not know: how it was counted.
"""

from sync.bundle.header import Marks
from sync.carrying.importing import Brought

# Documents by what their ids begin with; chunks are told as the photos whose lists came.
_KINDS = (("case", "办件 {} 件"), ("person", "人员 {} 人"), ("blob", "照片 {} 张"), ("item", "事项 {} 个"))


def amounts(brought: Brought) -> str:
    """Such as `办件 3 件、照片 2 张、签收凭据 5 份`."""
    told = [words.format(brought.documents[kind]) for kind, words in _KINDS if brought.documents[kind]]
    if brought.documents["chunk"] and not brought.documents["blob"]:
        told.append("照片的一部分")
    named = ("chunk", *(kind for kind, _ in _KINDS))
    others = sum(count for kind, count in brought.documents.items() if kind not in named)
    if others:
        told.append(f"其他 {others} 份")
    if brought.statements:
        told.append(f"证书和签收凭据 {brought.statements} 份")
    return "、".join(told) or "没有新内容"


def wishes(wants: Marks) -> str:
    """Such as `；请下次带回照片 3 张`; "" where nothing is asked for."""
    count = sum(len(roots) for roots in wants.values())
    return f"；请下次带回照片 {count} 张" if count else ""

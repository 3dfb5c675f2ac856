"""What a check found, and what is to be done about it.

Must not know: how anything is checked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sync.store.transaction import Reader

RESTORE = "请停止站点，把整个数据目录另存一份，再用最近的备份恢复（yizhan restore）。"
COUNT = "文档完好，只是统计数字不准；不影响收件，请把这份结果交给技术人员。"
RESYNC = "其余文档不受影响；联网同步后由上级送回，送不回的请从备份中取。"
ASK = "运行中的节点会自动向下级索取；缺哪些、哪里可能还有，用 yizhan central photos（站点：yizhan edge photos）查看。"
REPORT = "请勿继续收件，并立即与中心联系。"
NOTHING = "不必处理。"
SERVED = 5  # cases of one kind that are named; beyond that their number says enough


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know.

    what      a sentence that names no person
    remedy    what to do
    is_fault  False for a remark about a store that is sound
    """

    what: str
    remedy: str
    is_fault: bool = True


Advance = Callable[[int], None]  # called now and then with how many were looked at
Checking = Callable[[Reader, Advance], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One examination: what is looked at, in the words shown while it runs, and by which function."""

    title: str
    find: Checking


def gathered(found: Iterator[tuple[str, str]], remedy: str) -> Iterator[Finding]:
    """Findings of one kind after another, each with a few examples and their number.

    found  (what is wrong, where)
    """
    places: dict[str, list[str]] = {}
    for what, where in found:
        places.setdefault(what, []).append(where)
    for what, where_all in places.items():
        named = "、".join(where_all[:SERVED])
        more = f" 等 {len(where_all)} 处" if len(where_all) > SERVED else ""
        yield Finding(f"{what}：{named}{more}", remedy)

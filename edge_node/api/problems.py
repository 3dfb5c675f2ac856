"""The refusals only a station has, as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from edge_node.errors import ClockDoubtful, KeyReused, NotEnrolled
from sync.errors import SyncError
from sync.web.problems import Problem

STATION_PROBLEMS: Mapping[type[SyncError], Problem] = {
    ClockDoubtful: Problem(
        "clock-doubtful", 409, "请核对日期和时间", "时间正确的，请确认后重新提交；不正确的，请先校正电脑的时间。"
    ),
    NotEnrolled: Problem("not-enrolled", 409, "本站尚未注册", "请管理员运行 yizhan edge enrol，输入中心给的注册码。"),
    KeyReused: Problem("key-reused", 422, "重复的请求编号", "新的请求请换一个新的 Idempotency-Key。"),
}

"""The refusals of casework as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from sync.casework.errors import ClockDoubtful, StillAbove
from sync.errors import SyncError
from sync.node.answer_once import KeyReused
from sync.node.name_version import ChangedMeanwhile
from sync.web.problems import Problem

CASE_PROBLEMS: Mapping[type[SyncError], Problem] = {
    ChangedMeanwhile: Problem("changed-meanwhile", 412, "已有变化", "请重新打开，看过变化后再办，没有办理任何操作。"),
    ClockDoubtful: Problem(
        "clock-doubtful", 409, "请核对日期和时间", "时间正确的，请确认后重新提交；不正确的，请先校正电脑的时间。"
    ),
    StillAbove: Problem(
        "still-above",
        503,
        "正在从上级取回",
        "这张照片不在本机，正在从上级取回，请过一会儿再看；链路不通的，联网后再看。",
    ),
    KeyReused: Problem("key-reused", 422, "重复的请求编号", "新的请求请换一个新的 Idempotency-Key。"),
}

"""The refusals only a station has, as problem details.

Must not know: when they are raised.
"""

from collections.abc import Mapping

from edge_node.errors import NoRoomForPhotos, NotEnrolled, TooManyDrafts
from sync.case_api.problems import CASE_PROBLEMS
from sync.errors import SyncError
from sync.people_api.problems import PEOPLE_PROBLEMS
from sync.web.problems import Problem

STATION_PROBLEMS: Mapping[type[SyncError], Problem] = {
    **CASE_PROBLEMS,
    **PEOPLE_PROBLEMS,
    NotEnrolled: Problem("not-enrolled", 409, "本站尚未注册", "请管理员运行 yizhan edge enrol，输入中心给的注册码。"),
    TooManyDrafts: Problem("too-many-drafts", 409, "暂存的件太多", "请在首页的“暂存的件”里先办完或删除几件。"),
    NoRoomForPhotos: Problem(
        "no-room-for-photos", 507, "暂时不能存新照片", "请不带照片再提交一次，收件照常；有空间后再补交照片。"
    ),
}

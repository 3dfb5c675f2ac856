"""What a station refuses beyond the errors every node knows.

    Conflict
    ├── NotEnrolled         no enrolment code was entered, so there is no receipt number to give
    └── TooManyDrafts       an account has begun as much as it may
    Refused
    └── NoRoomForPhotos     the application is welcome, its photos have to wait

Must not know: HTTP.
"""

from sync.errors import Conflict, Refused


class NotEnrolled(Conflict):
    """本站还没有注册，不能出具收件号"""

    remedy = "请先运行 yizhan edge enrol，输入中心给的注册码。"


class TooManyDrafts(Conflict):
    """暂存的件太多"""

    remedy = "请先办完或删除几件暂存的件。"


class NoRoomForPhotos(Refused):
    """本机空间不足，暂时不能存新照片"""

    remedy = "请不带照片再提交一次，收件照常；有空间后用“补交材料”补上照片。"

"""What a station refuses beyond the errors every node knows.

    Conflict
    └── NotEnrolled     no enrolment code was entered, so there is no receipt number to give

Must not know: HTTP.
"""

from sync.errors import Conflict


class NotEnrolled(Conflict):
    """本站还没有注册，不能出具收件号"""

    remedy = "请先运行 yizhan edge enrol，输入中心给的注册码。"

"""What a station refuses beyond the errors every node knows.

    Conflict
    ├── ClockDoubtful   the PC's date and time have to be confirmed first
    └── NotEnrolled     no enrolment code was entered, so there is no receipt number to give
    Invalid
    └── KeyReused       an Idempotency-Key came again with another request

Must not know: HTTP.
"""

from sync.errors import Conflict, Invalid


class ClockDoubtful(Conflict):
    """本机时间需要核对"""

    remedy = "核对日期和时间，确认后重新提交；时间不对的，先校正电脑的时间。"


class NotEnrolled(Conflict):
    """本站还没有注册，不能出具收件号"""

    remedy = "请先运行 yizhan edge enrol，输入中心给的注册码。"


class KeyReused(Invalid):
    """这个 Idempotency-Key 已经用于另一个请求"""

    remedy = "新的请求请换一个新的 Idempotency-Key。"

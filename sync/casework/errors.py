"""What casework refuses beyond the errors every node knows.

    Conflict
    └── ClockDoubtful   the PC's date and time have to be confirmed first
    Invalid
    └── KeyReused       an Idempotency-Key came again with another request

Must not know: HTTP.
"""

from sync.errors import Conflict, Invalid


class ClockDoubtful(Conflict):
    """本机时间需要核对"""

    remedy = "核对日期和时间，确认后重新提交；时间不对的，先校正电脑的时间。"


class KeyReused(Invalid):
    """这个 Idempotency-Key 已经用于另一个请求"""

    remedy = "新的请求请换一个新的 Idempotency-Key。"

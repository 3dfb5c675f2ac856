"""What casework refuses beyond the errors every node knows.

    Conflict
    └── ClockDoubtful   the PC's date and time have to be confirmed first
    Forbidden
    └── WrongTooOften   too many wrong query codes; waiting a quarter of an hour helps
    LinkError
    └── StillAbove      a photo is above, and being fetched

Must not know: HTTP.
"""

from sync.errors import Conflict, Forbidden, LinkError


class ClockDoubtful(Conflict):
    """本机时间需要核对"""

    remedy = "核对日期和时间，确认后重新提交；时间不对的，先校正电脑的时间。"


class WrongTooOften(Forbidden):
    """输错次数过多，请稍后再查"""

    remedy = "过一刻钟再查；急需知道进度的，请带身份证到窗口询问。"


class StillAbove(LinkError):
    """正在从上级取回这张照片"""

    remedy = "过一会儿再看；链路不通的，联网后再看。"

    def __init__(self, trouble: str = "", *, done: int = 0, of: int = 0) -> None:
        """Say why it stopped ("" while it goes on), and how far it is: chunks here, of how many."""
        super().__init__(trouble)
        self.done, self.of, self.trouble = done, of, trouble

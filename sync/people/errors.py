"""What the register of people refuses beyond the errors every node knows.

    Conflict
    └── AlreadyRegistered   somebody is registered here by this paper

Must not know: HTTP.
"""

from sync.errors import Conflict


class AlreadyRegistered(Conflict):
    """这个证件在本站已经登记过"""

    remedy = "打开已有的登记，核对是否同一个人；信息有变的，在那里更正。"

    def __init__(self, person: str) -> None:
        """`person` is the id of who is registered."""
        super().__init__()
        self.person = person
        self.members = {"person": person}

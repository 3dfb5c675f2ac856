"""How much waits for somebody to look into it: alarms, and what was set aside.

Must not know: how it is shown.
"""

from sync.messages import _
from sync.store.ledger.alarms import count_alarms
from sync.store.ledger.set_aside import count_aside
from sync.store.transaction import Reader


def count_attention(reader: Reader) -> int:
    """Alarms nobody has settled and documents nobody has dealt with."""
    return count_alarms(reader) + count_aside(reader)


def attention_text(count: int) -> str:
    """What the frame says of so many; "" for none."""
    return _("Needs attention: %(count)s", count=count) if count else ""

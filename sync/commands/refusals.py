"""What of a refusal is told behind its reason: a whole class's advice is in English, and its reason may be Chinese.

Must not know: what was refused.
"""

from sync.errors import SyncError


def advice_behind(error: SyncError) -> str:
    """What an error advises; "" where that would be a class's own, in English, behind a reason in Chinese."""
    return error.remedy if error.reason.isascii() or not error.remedy.isascii() else ""

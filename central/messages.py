"""What people read at the centre: the messages of `central`, over those of `sync`.

Must not know: what they are about.
"""

from pathlib import Path

from sync.messages import MESSAGES as SYNC
from sync.messages import Messages

MESSAGES = Messages(Path(__file__).parent, below=SYNC)
_ = MESSAGES.gettext
pgettext = MESSAGES.pgettext

"""How processes are started that do one thing and end.

Must not know: what they do.
"""

import subprocess

WITHOUT_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""For `creationflags`: on Windows no console flashes up on somebody's desk."""

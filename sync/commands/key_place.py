"""Where the keys of encrypted data directories are, for commands that belong to no application.

Must not know: what a key opens.
"""

import os

from sync.store.key_folder import KeyFolder, key_folder


def named_keys() -> KeyFolder:
    """The folder that YIZHAN_KEY_DIRECTORY names, as in the settings of both applications."""
    return key_folder(os.environ.get("YIZHAN_KEY_DIRECTORY", ""), os.environ)

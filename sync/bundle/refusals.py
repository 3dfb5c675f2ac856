"""What can be wrong with a volume.

Must not know: who is told.
"""

from sync.errors import BadRequest, Forbidden


class NotAVolume(BadRequest):
    """This file is no volume."""


class NotForUs(Forbidden):
    """This volume is sealed to somebody else, or was changed."""


class BrokenVolume(BadRequest):
    """The volume is damaged or cut off."""

"""The version of this code, in one place.

Must not know: anything.
"""

VERSION = "0.1.0"

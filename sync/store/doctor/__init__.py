"""What is wrong with a data directory, in words a station agent can act on: `yizhan doctor`.

It reads and never writes, so that looking makes nothing worse. Whoever adds tables adds a check beside these
and names it in `examining.CHECKS`.

Must not know: HTTP, what a record says beyond its receipt number.
"""

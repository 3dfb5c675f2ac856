"""The `yizhan` command, and the groups that belong to `sync`.

Must not know: stations, the centre.
"""

"""Doing something to a record at this node: how it stands, one act as one event, answered once.

Must not know: other nodes, what an act means.
"""

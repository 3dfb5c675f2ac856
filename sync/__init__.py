"""The shared language of every Yizhan node: documents, records, stores, replication and custody.

Rooms are stacked; each knows only those below it (see `docs/architecture.md`).
"""

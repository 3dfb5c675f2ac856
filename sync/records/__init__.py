"""The shared language of the stations: ids, numbers and codes, items, events and what they fold to, the guard.

Must not know: replication, Flask, SQL.
"""

"""A `Database`, `Databases` or `Peer` across HTTP.

Must not know: stores, stations, replication.
"""

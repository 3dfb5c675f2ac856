"""The embedded engine: one SQLite file with every database of a node and its ledger; and `memory`, the oracle.

Must not know: HTTP, stations, what a record means.
"""

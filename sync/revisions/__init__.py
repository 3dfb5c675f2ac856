"""Revision ids, revision trees, merging of trees, the winner, stemming.

Pure: every value is frozen and every function returns a new one.

Must not know: databases, sockets, clocks, chance, JSON text.
"""

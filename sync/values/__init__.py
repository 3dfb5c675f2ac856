"""Frozen values that pass between rooms: documents, changes, results, signed statements, JSON text.

Must not know: databases, sockets, clocks.
"""

"""CouchDB's dialect: bytes to values and back, and one table of problems.

Must not know: sockets, SQL, Flask, who speaks.
"""

"""CouchDB's dialect, bytes to values and back, with one table of problems; and what Yizhan nodes say to each other.

Must not know: sockets, SQL, Flask, who speaks.
"""

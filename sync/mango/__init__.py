"""CouchDB's declarative queries: selectors, the order of JSON values, index keys as bytes, and which index serves.

Pure: it reads values and answers, or asks a `Database` it is handed. The engines keep the entries.

Must not know: SQL, sockets, Flask, what the documents are about.
"""

"""CouchDB's replication protocol between any two databases.

Must not know: HTTP, Flask, screens, stations.
"""

"""CouchDB's replication service: jobs asked for at once (`_replicate`) or by documents (`_replicator`).

Must not know: HTTP, Flask, SQL, how replication works, who may ask for a job.
"""

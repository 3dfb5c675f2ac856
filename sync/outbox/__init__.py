"""A node whose documents are on an Apache CouchDB, with its ledger beside them in SQLite: intent, document, done.

Must not know: what a record means, stations, HTTP routes.
"""

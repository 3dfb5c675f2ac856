"""CouchDB's HTTP API over any `Databases`; every route stands in `routes.py`.

Must not know: how databases keep their documents, what a station is.
"""

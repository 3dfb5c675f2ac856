"""CouchDB's accounts and access rules: users' documents, passwords, session cookies, `_security`.

They hold on the plain server, `yizhan couch serve`. On a node the guard and the shares decide instead.

Must not know: Flask, routes, stations.
"""

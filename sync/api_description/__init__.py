"""The description of /api/v1: OpenAPI 3.1 made from routes and schemas, and a page that shows it without a network.

Must not know: which application it is, what its routes do.
"""

"""What the HTTP faces of both applications share.

A station and the centre never import each other, yet both answer an API, sign people in and show
plain pages: how a refusal reads, who is signed in, how a page is framed, how a server runs and how
a command reaches the process that owns the data directory stand here once.

Must not know: cases, stations, or what any page or route is for.
"""

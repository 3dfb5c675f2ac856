"""A station: village or township, complete with the cable cut.

Stands on `sync` and never sees `central`.
"""

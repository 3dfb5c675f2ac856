"""The lists a node keeps of its records, worked out from them and from nothing else, and who keeps them up to date.

Must not know: how a record came to be, other nodes.
"""

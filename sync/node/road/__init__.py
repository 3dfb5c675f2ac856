"""The road between two nodes: an exchange from both ends, what is kept of it, and how it is seen.

Must not know: Flask, screens, when a node is called.
"""

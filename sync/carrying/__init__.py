"""The use cases of the USB road: volumes written for another node, taken in, looked into, and carried on.

Must not know: HTTP, pages, the command line.
"""

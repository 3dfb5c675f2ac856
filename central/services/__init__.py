"""What can be done at the centre: one use case to a module, each a function of the node and plain arguments.

Must not know: HTTP, Flask, pages, the command line.
"""

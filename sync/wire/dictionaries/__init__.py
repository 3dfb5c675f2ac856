"""The dictionaries that exchanges may be packed with, each a file named by its SHA-256.

What was shipped once stays: a node that names it may be years older or newer. `fixtures.dictionary` trains them.

Must not know: who packs with them.
"""

"""How Chinese is read, in Latin letters: a table made at build time (`fixtures.readings`), and what spells by it.

Must not know: what is searched for.
"""

"""Papers: bags packed at a village and taken at its township, where the papers of a case are, what is printed of it.

Must not know: routes, pages.
"""

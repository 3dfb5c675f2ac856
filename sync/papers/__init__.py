"""Papers on their way: bags packed at a village, taken at its township, and where the papers of a case are.

Must not know: routes, pages.
"""

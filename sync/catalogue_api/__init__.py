"""The routes for items, 一件事 and the search, alike at every level.

Must not know: how items are kept, how anything is found.
"""

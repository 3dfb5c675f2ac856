"""The pages at a station's desk: the day's work, taking an application, its receipt.

Must not know: other nodes, how anything is stored.
"""

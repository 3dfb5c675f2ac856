"""搜索: the page of the one box that desk and console share, and how items are listed and read everywhere.

Must not know: how anything is found, what else the application's pages are.
"""

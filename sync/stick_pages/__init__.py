"""U盘传送: the page of the USB road that desk and console share.

Must not know: how volumes are made, what else the application's pages are.
"""

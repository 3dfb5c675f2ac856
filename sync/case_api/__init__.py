"""The case routes of /api/v1 that village, township and centre share.

Must not know: which application it is.
"""

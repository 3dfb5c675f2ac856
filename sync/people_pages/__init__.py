"""The pages about people, alike at village, township and centre.

Must not know: how people are kept.
"""

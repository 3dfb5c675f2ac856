"""What stands on the counter beside the screen: the reader of ID cards, and a simulator in its place.

Must not know: forms, drafts, cases.
"""

"""The pages about cases that a station's desk and the centre's console share: list, case, photos, what may be done.

Must not know: how applications are taken, how stations are registered.
"""

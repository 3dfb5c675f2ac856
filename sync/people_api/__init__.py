"""The register of people over HTTP, alike at every level.

Must not know: how people are kept.
"""

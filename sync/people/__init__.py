"""People registered at a station, a use case each: registered once, found, related, asked for consent.

Must not know: cases, HTTP, pages.
"""

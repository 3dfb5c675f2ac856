"""Who holds what, by signature: certificates, seals, receipts, and what a screen may say from them.

Must not know: how statements travel, Flask, screens.
"""

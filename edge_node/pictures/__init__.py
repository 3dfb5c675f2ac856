"""Photos made fit to be filed and sent: small enough for a village's link, and still read by whoever decides.

Must not know: cases, databases, who sends what.
"""

"""Photos made fit to be filed and sent: small enough for a village's link, and still read by whoever decides.

Must not know: cases, databases, who sends what.
"""

# How the process that makes a photo fit ends when it will not look at it: said here, for the server starts it without
# having what is in it.
TOO_MANY_PIXELS = 3

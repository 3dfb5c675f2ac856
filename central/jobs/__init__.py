"""What the centre does by the clock; the only home of APScheduler here.

Must not know: HTTP, the command line.
"""

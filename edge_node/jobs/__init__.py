"""What a station does by the clock. The only home of APScheduler.

Must not know: how the work is done.
"""

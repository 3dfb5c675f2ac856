"""The public API of the centre under /api/v1: JSON in and out, refusals as RFC 9457 problem details.

Must not know: pages, other nodes.
"""

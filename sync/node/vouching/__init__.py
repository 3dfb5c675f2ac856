"""What a node says of what it holds, signed; and what follows for photos: let go of, found lost, put back.

Must not know: how what it says travels.
"""

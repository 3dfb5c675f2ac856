"""Keys, signatures, hash chains and request signatures, over bytes.

Pure but for the making of a key, which takes chance from the operating system.

Must not know: what is signed, JSON text, clocks, disks, sockets.
"""

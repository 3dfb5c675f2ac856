"""Photos and scans as content-addressed chunks: cut up, stored, put together and checked.

Must not know: how chunks travel, which record names them, what is on a photo.
"""

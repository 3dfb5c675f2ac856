"""The pages of the supervisor at the centre: which station is silent, what is stuck, what is to be decided.

Must not know: other nodes, how anything is stored.
"""

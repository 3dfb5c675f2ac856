"""The USB road: what two nodes would say to each other over a network, in sealed volumes that anybody may carry.

Must not know: nodes, Flask, screens, how what is told is gathered and taken in.
"""

"""How nodes come to know each other: enrolled by a code, admitted by signed requests, recognised by their badges.

Must not know: what they tell each other.
"""

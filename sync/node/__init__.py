"""One node as others see it: village, township and centre alike.

Here are its parts in one hand: who it is, what it shares with whom, how much room it has, and what the centre has
published. In rooms of their own: its lists of records, acts upon them, what it vouches for, how nodes meet, and the
road between them.

Must not know: Flask, screens, what a desk or a console does with it.
"""

"""One node as others see it: village, township and centre alike.

Who it is, how it came to be certified, whom it admits and what they may touch, what it answers,
how it carries its own upward, and how an event comes into a record.

Must not know: Flask, screens, what a desk or a console does with it.
"""

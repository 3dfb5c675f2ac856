"""How the process that makes a photo fit may end: apart from it, for who starts it is not to have what is in it.

Must not know: pictures.
"""

TOO_MANY_PIXELS = 3

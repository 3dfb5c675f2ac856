"""What is done with cases at any level, a use case each: listed, read, accepted, decided, traced.

Village, township and centre do these alike, so they stand below both applications. What only a station does,
such as taking an application, stays with it.

Must not know: Flask, routes, pages.
"""

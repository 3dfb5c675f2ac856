"""群众自助: the pages for people who have no account, on the station's kiosk and on phones within its network.

Must not know: accounts, how an application is taken.
"""

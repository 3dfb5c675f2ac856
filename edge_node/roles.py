"""What people at a station may be, the usual first.

Must not know: what each may do.
"""

from sync.web.roles import Role

ROLES = (Role.AGENT, Role.HEAD, Role.REVIEWER, Role.ADMIN)

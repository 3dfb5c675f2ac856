"""What people at a centre may be, the usual first.

Must not know: what each may do.
"""

from sync.web.roles import Role

ROLES = (Role.SUPERVISOR, Role.ADMIN)

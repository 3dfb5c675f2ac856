"""The centre: every station's records, enrolment, decisions, and the supervisor's console.

Stands on `sync` and never sees `edge_node`.
"""

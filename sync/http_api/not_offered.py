"""What CouchDB has and Yizhan does not: the addresses, and what to use instead.

They answer 501 with that sentence, so that nobody takes a missing feature for a missing document.

Must not know: anything else.
"""

_VIEWS = "Yizhan runs no JavaScript: ask _find over an index, or read _all_docs or _changes."
_CLUSTER = "Yizhan is no cluster: one node owns its databases."

# (rule, what to use instead), each for every method. `<path:rest>` stands for anything.
NOT_OFFERED: tuple[tuple[str, str], ...] = (
    ("/_cluster_setup", _CLUSTER),
    ("/_membership", _CLUSTER),
    ("/_node/<path:rest>", _CLUSTER),
    ("/_reshard", _CLUSTER),
    ("/_reshard/<path:rest>", _CLUSTER),
    ("/_db_updates", "Follow _changes of each database."),
    ("/_search_analyze", _VIEWS),
    ("/_nouveau_analyze", _VIEWS),
    ("/_utils", "There is no Fauxton here: point one of your own at this address."),
    ("/_utils/<path:rest>", "There is no Fauxton here: point one of your own at this address."),
    ("/<db>/_partition/<path:rest>", _CLUSTER),
    ("/<db>/_shards", _CLUSTER),
    ("/<db>/_shards/<path:rest>", _CLUSTER),
    ("/<db>/_sync_shards", _CLUSTER),
    ("/<db>/_temp_view", _VIEWS),
    ("/<db>/_view_cleanup", _VIEWS),
    ("/<db>/_compact/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_info", _VIEWS),
    ("/<db>/_design/<design>/_view/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_search/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_search_info/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_nouveau/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_show/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_list/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_update/<path:rest>", _VIEWS),
    ("/<db>/_design/<design>/_rewrite/<path:rest>", _VIEWS),
)

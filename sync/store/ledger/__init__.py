"""What a node keeps for itself beside the documents: lives, numbers, counters, statements, accounts, audit.

Small modules, one per noun, of plain functions over a `Reader` or `Transaction`, so that whatever
must happen together (number, record, audit) is one `engine.write`. Nothing here is replicated.

Must not know: what the texts it keeps mean, clocks (times are arguments, in milliseconds since 1970), HTTP.
"""

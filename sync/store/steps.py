"""What a step of the schema is: a name that is never reused, and the SQL it runs once.

Steps are contributed by the rooms whose tables they make and put in order by `migrations`.

Must not know: which steps there are.
"""

from sync.typed import Value


class Step(Value):
    """One named change of the schema.

    name  recorded in the store in the same transaction; never reused, never edited once released
    sql   one or several statements; tables are STRICT, text is TEXT
    """

    name: str
    sql: str

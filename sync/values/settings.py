"""Settings as data: one list of name, default and explanation feeds code, command line and docs.

The type of a default is the type of the setting. The environment is handed over as a mapping.

Must not know: which settings there are, or where the environment comes from.
"""

from collections.abc import Iterable, Mapping

from sync.errors import BadRequest
from sync.typed import Value

Plain = str | int | bool
_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Setting(Value):
    """One setting; units stand in the name."""

    name: str
    default: Plain
    explanation: str


def read_settings(settings: Iterable[Setting], given: Mapping[str, str], *, prefix: str) -> dict[str, Plain]:
    """Every setting's value: what was given under `<prefix><NAME>`, else its default.

    raises  BadRequest naming the variable, when its text is not of the default's type
    """
    values: dict[str, Plain] = {}
    for setting in settings:
        variable = prefix + setting.name.upper()
        text = given.get(variable)
        values[setting.name] = setting.default if text is None else _value(variable, text, setting.default)
    return values


def _value(variable: str, text: str, default: Plain) -> Plain:
    if isinstance(default, bool):
        if text.lower() not in _WORDS:
            raise BadRequest(f"{variable} must be true or false")
        return _WORDS[text.lower()]
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise BadRequest(f"{variable} must be a whole number") from None
    return text

"""Settings as data: one list of name, default and explanation feeds code, command line and docs.

The type of a default is the type of the setting. The environment is handed over as a mapping. What is out of bounds is
refused where a node would fail on it later, or do nothing and not say so. Nothing that is set counts below nothing.

Must not know: which settings there are, or where the environment comes from.
"""

from collections.abc import Iterable, Mapping

from sync.errors import BadRequest
from sync.messages import _
from sync.typed import Value

Plain = str | int | bool
DAY_SECONDS = 24 * 3_600  # what waits for longer than a day waits for ever, and timers overflow
CENTURY_DAYS = 36_525  # calendars end some thousand years on
MOST = 2**53 - 1  # what JSON carries
MOST_MB = MOST >> 20  # and what it carries in bytes
_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class Setting(Value):
    """One setting; units stand in the name. A whole number has bounds, both of them allowed."""

    name: str
    default: Plain
    explanation: str
    least: int = 0
    most: int = MOST


def read_settings(settings: Iterable[Setting], given: Mapping[str, str], *, prefix: str) -> dict[str, Plain]:
    """Every setting's value: what was given under `<prefix><NAME>`, else its default.

    raises  BadRequest naming the variable, when its text is not of the default's type or out of bounds
    """
    values: dict[str, Plain] = {}
    for setting in settings:
        variable = prefix + setting.name.upper()
        text = given.get(variable)
        values[setting.name] = setting.default if text is None else _value(variable, text, setting)
    return values


def _value(variable: str, text: str, setting: Setting) -> Plain:
    if isinstance(setting.default, bool):
        if text.lower() not in _WORDS:
            raise _wrong(_("%(variable)s must be true or false (yes or no, 1 or 0)", variable=variable))
        return _WORDS[text.lower()]
    if isinstance(setting.default, int):
        return _number(variable, text, setting)
    if setting.default and not text.strip():
        raise _wrong(_("%(variable)s is empty", variable=variable))
    return text


def _number(variable: str, text: str, setting: Setting) -> int:
    try:
        number = int(text)
    except ValueError:
        raise _wrong(_("%(variable)s must be a whole number", variable=variable)) from None
    if number < setting.least:
        raise _wrong(_("%(variable)s must be %(least)s at the least", variable=variable, least=setting.least))
    if number > setting.most:
        raise _wrong(_("%(variable)s must be %(most)s at the most", variable=variable, most=setting.most))
    return number


def _wrong(sentence: str) -> BadRequest:
    return BadRequest(sentence, remedy=_("Correct this setting in the environment, or take it away for the default."))

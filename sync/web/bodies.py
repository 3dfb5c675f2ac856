"""Reading what a client sent: strict JSON objects, and marshmallow's verdict on them in Chinese.

Must not know: which routes there are, or what the fields mean.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from sync.errors import BadRequest, Invalid, UnsupportedType
from sync.messages import N_, _
from sync.values.json_text import parse_object

# A form of a station is some kilobytes; photos travel by a route of their own.
LARGEST_BODY_BYTES = 1 << 20

# What marshmallow says of an empty text, where whoever left it empty has to hear that something belongs there.
_OF_THE_EMPTY = re.compile(r"Length must be between [1-9]|Shorter than minimum length|Not a valid date")
# marshmallow's own sentences; an officer at a village desk reads no English.
_SENTENCES = tuple(
    (re.compile(english), message)
    for english, message in (
        (r"Missing data for required field\.", N_("This has to be filled in")),
        (r"Field may not be null\.", N_("This may not be empty")),
        (r"Unknown field\.", N_("There is no such field")),
        (r"Not a valid (?:string|UTF-8 encoded string|utf-8 string)\.", N_("This has to be text")),
        (r"Not a valid integer\.", N_("This has to be a whole number")),
        (r"Not a valid (?:number|decimal)\.", N_("This has to be a number")),
        (r"Number too large\.", N_("The number is too large")),
        (r"Special numeric values .*", N_("This has to be an ordinary number")),
        (r"Not a valid boolean\.", N_("This has to be true or false")),
        (r"Not a valid (?:list|tuple|sequence)\.", N_("This has to be a list")),
        (r"Not a valid (?:mapping type|dict)\.|Invalid input type\.|Invalid type\.", N_("This has to be an object")),
        (r"Not a valid email address\.", N_("Not an e-mail address")),
        (r"Not a valid URL\.", N_("Not an address of a page")),
        (r"Not a valid UUID\.", N_("Not an identifier")),
        (r"Not a valid IPv?[46]? ?(?:address|interface)\.", N_("Not a network address")),
        (r"Not a valid (?:naive |aware )?(?:datetime|date|time)\.", N_("Not a date or time")),
        (r"Not a valid period of time\.|.*cannot be formatted as a .*", N_("Not a date or length of time")),
        (r"Must be one of: (?P<choices>.*)\.", N_("Only: %(choices)s")),
        (r"Length must be (?P<equal>\d+)\.", N_("The length has to be %(equal)s")),
        (r"Length must be between 0 and (?P<max>\d+)\.", N_("The length has to be at most %(max)s")),
        (
            r"Length must be between (?P<min>\d+) and (?P<max>\d+)\.",
            N_("The length has to be between %(min)s and %(max)s"),
        ),
        (r"Shorter than minimum length (?P<min>\d+)\.", N_("The length has to be at least %(min)s")),
        (r"Longer than maximum length (?P<max>\d+)\.", N_("The length has to be at most %(max)s")),
        (r"Must be [^.]* (?P<min>[^ ]+) and [^.]* (?P<max>[^ ]+)\.", N_("This has to be between %(min)s and %(max)s")),
        (r"Must be equal to (?P<other>.*)\.", N_("This has to be %(other)s")),
        (r"Invalid (?:value|input)\.", N_("Not what belongs here")),
        (r"One or more of the choices you made was .*", N_("Not one of the choices")),
        (r"Must be greater than or equal to (?P<min>[^ ]+)\.", N_("This has to be at least %(min)s")),
        (r"Must be greater than (?P<min>[^ ]+)\.", N_("This has to be more than %(min)s")),
        (r"Must be less than or equal to (?P<max>[^ ]+)\.", N_("This has to be at most %(max)s")),
        (r"Must be less than (?P<max>[^ ]+)\.", N_("This has to be less than %(max)s")),
        (r"String does not match expected pattern\.", N_("Not of the right form")),
    )
)


def read_object(*, max_bytes: int = LARGEST_BODY_BYTES) -> dict[str, Any]:
    """The JSON object in the request's body.

    raises  UnsupportedType when it is not declared as JSON in UTF-8, BadRequest when it is none,
            Werkzeug's RequestEntityTooLarge beyond max_bytes, before more than that was read
    """
    if not request.is_json:
        raise UnsupportedType(_("Send it as application/json"))
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedType(_("Send it in UTF-8"))
    request.max_content_length = max_bytes
    body = request.get_data(cache=False)
    if not body:
        raise BadRequest(_("Nothing was sent; it has to be a JSON object"))
    try:
        return parse_object(body)
    except BadRequest:
        raise BadRequest(_("What was sent is no valid JSON object in UTF-8")) from None


def load(schema: Schema, value: Any) -> Any:
    """What a schema makes of a value; raises Invalid naming every wrong field by its dotted path."""
    try:
        return schema.load(value)
    except ValidationError as error:
        raise Invalid(
            _("Something is not filled in rightly, check what is marked"), fields=_flatten(error.messages, "", value)
        ) from None


def in_chinese(sentence: str) -> str:
    """One of marshmallow's sentences for a person; another's sentence as it is."""
    for pattern, message in _SENTENCES:
        match = pattern.fullmatch(sentence)
        if match:
            return _(message, **match.groupdict())
    return sentence


def _flatten(messages: Any, path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, below in messages.items():
            here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            yield from _flatten(below, here, value if name == "_schema" else _within(value, name))
    elif isinstance(messages, list):
        for message in messages:
            yield from _flatten(message, path, value)
    elif isinstance(value, str) and not value and _OF_THE_EMPTY.match(str(messages)):
        yield path, _("This has to be filled in")
    else:
        yield path, in_chinese(str(messages))


def _within(value: Any, name: Any) -> Any:
    if isinstance(value, list):
        return value[name] if isinstance(name, int) and name < len(value) else None
    return value.get(name) if isinstance(value, Mapping) else None
